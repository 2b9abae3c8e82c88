import SecretModel

extension PolicyDocument {
    /// Parses a policy. Strict: an element that the language does not have is refused, not ignored.
    ///
    /// - Throws: `PolicySyntaxError`, which names the element.
    package init(parsing text: String, as kind: Kind) throws(PolicySyntaxError) {
        let json: JSONValue
        do throws(JSONSyntaxError) {
            json = try JSONValue(parsing: text)
        } catch {
            throw PolicySyntaxError(kind: .other, path: "", reason: error.description)
        }
        let document = PolicyElement(json, path: "")
        try document.checkMembers(kind == .identity ? ["Version", "Statement"] : ["Version", "Id", "Statement"])
        if let id = document["Id"] { _ = try id.text() }
        let version = try document["Version"].map(Self.version) ?? .v2008
        guard let statements = document["Statement"] else {
            throw document.error("there is no Statement; a policy has at least one")
        }
        let elements = statements.isList ? try statements.list() : [statements.named("Statement[1]")]
        self.statements = try elements.map { element throws(PolicySyntaxError) in
            try PolicyStatement(element, as: kind, knowsVariables: version == .v2012)
        }
        try Self.checkSids(of: self.statements)
    }

    private enum Version {
        case v2008, v2012
    }

    private static func version(_ element: PolicyElement) throws(PolicySyntaxError) -> Version {
        switch try element.text() {
        case "2012-10-17": .v2012
        case "2008-10-17": .v2008
        default: throw PolicySyntaxError(kind: .version, path: element.path, reason: "it must be 2012-10-17 or 2008-10-17")
        }
    }

    private static func checkSids(of statements: [PolicyStatement]) throws(PolicySyntaxError) {
        var seen: Set<[UInt8]> = []
        for (index, statement) in statements.enumerated() {
            guard let sid = statement.sid, !sid.isEmpty, !seen.insert(Array(sid.utf8)).inserted else { continue }
            throw PolicySyntaxError(
                kind: .other,
                path: "Statement[\(index + 1)].Sid",
                reason: "\"\(sid)\" names another statement already; each Sid must be unique in its policy"
            )
        }
    }
}

extension PolicyStatement {
    fileprivate init(_ element: PolicyElement, as kind: PolicyDocument.Kind, knowsVariables: Bool) throws(PolicySyntaxError) {
        var known = ["Sid", "Effect", "Action", "NotAction", "Condition"]
        if kind != .identity { known += ["Principal", "NotPrincipal"] }
        if kind != .trust { known += ["Resource", "NotResource"] }
        try element.checkMembers(known)
        self.sid = try element["Sid"]?.text()
        guard let effect = element["Effect"] else { throw element.error("there is no Effect; it must be Allow or Deny") }
        guard let parsed = Effect(rawValue: try effect.text()) else { throw effect.error("it must be Allow or Deny") }
        self.effect = parsed
        self.principals = kind == .identity ? nil : try element.choice("Principal", PrincipalPattern.parse)
        self.actions = try element.choice("Action", WildcardPattern.actions)
        let resources =
            kind == .trust
            ? nil
            : try element.choice("Resource") { resources throws(PolicySyntaxError) in
                try PolicyText.resources(resources, knowsVariables)
            }
        self.resources = resources
        let conditions =
            try element["Condition"].map { block throws(PolicySyntaxError) in
                try PolicyCondition.parse(block, knowsVariables: knowsVariables)
            } ?? []
        self.conditions = conditions
        let texts = (resources?.members ?? []) + conditions.flatMap(\.texts)
        self.neededKeys = Array(Set(texts.flatMap(\.neededKeys))).sorted()
    }
}

extension PolicyStatement.Choice {
    var members: [Member] {
        switch self {
        case .among(let members), .outside(let members): members
        }
    }
}

extension PolicyElement {
    /// An element or its negation, of which a statement has exactly one.
    fileprivate func choice<Member>(
        _ name: String,
        _ parse: (PolicyElement) throws(PolicySyntaxError) -> [Member]
    ) throws(PolicySyntaxError) -> PolicyStatement.Choice<Member> {
        switch (self[name], self["Not\(name)"]) {
        case (let element?, nil): .among(try parse(element))
        case (nil, let element?): .outside(try parse(element))
        case (nil, nil): throw self.error("there is neither \(name) nor Not\(name); a statement has one of them")
        case (_?, _?): throw self.error("there are both \(name) and Not\(name); a statement has one of them")
        }
    }
}

extension WildcardPattern {
    fileprivate static func actions(_ element: PolicyElement) throws(PolicySyntaxError) -> [WildcardPattern] {
        try element.texts().map { action throws(PolicySyntaxError) in
            let text = try action.text()
            let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard text == "*" || (parts.count == 2 && parts.allSatisfy { !$0.isEmpty }) else {
                throw action.error("\"\(text)\" is no action; an action is * or SERVICE:NAME, such as secretsmanager:GetSecretValue")
            }
            return WildcardPattern(text).lowercased
        }
    }
}

extension PolicyText {
    /// ARNs with wildcards; missing parts at the end stand for all. Variables may stand behind the fifth colon only.
    fileprivate static func resources(_ element: PolicyElement, _ knowsVariables: Bool) throws(PolicySyntaxError) -> [PolicyText] {
        try element.texts().map { resource throws(PolicySyntaxError) in
            let text = try resource.text()
            guard text != "*" else { return try resource.policyText(text, knowsVariables: false) }
            let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            guard parts[0] == "arn", parts.count >= 2 else {
                throw resource.error(
                    "\"\(text)\" is no resource; a resource is * or an ARN, such as arn:aws:secretsmanager:*:*:secret:app/*"
                )
            }
            if knowsVariables, parts.prefix(5).contains(where: { $0.utf8.contains(UInt8(ascii: "$")) }) {
                throw resource.error("a policy variable may stand only behind the fifth colon of an ARN")
            }
            return try resource.policyText(text + String(repeating: ":*", count: 6 - parts.count), knowsVariables: knowsVariables)
        }
    }
}

extension PrincipalPattern {
    fileprivate static func parse(_ element: PolicyElement) throws(PolicySyntaxError) -> [PrincipalPattern] {
        if element.json == "*" { return [.everybody] }
        guard let members = element.json.members, !members.isEmpty else {
            throw element.error("it must be \"*\" or an object with AWS, Service, Federated or CanonicalUser")
        }
        try element.checkMembers(["AWS", "Service", "Federated", "CanonicalUser"])
        var patterns: [PrincipalPattern] = []
        for member in members {
            guard let entries = element[member.name] else { continue }
            for entry in try entries.texts() {
                let text = try entry.text()
                guard let pattern = PrincipalPattern(member.name, text) else {
                    throw PolicySyntaxError(kind: .principal, path: entry.path, reason: "\"\(text)\" is no \(member.name) principal")
                }
                patterns.append(pattern)
            }
        }
        return patterns
    }
}
