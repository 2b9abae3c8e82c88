extension PolicyDocument {
    /// Whether a statement lets everybody in: a wildcard principal, and no condition that narrows it to fixed accounts, organisations,
    /// identities or networks. What AWS finds out by automated reasoning is unknown; this errs on the side of "public".
    package var isPublic: Bool {
        self.statements.contains { statement in
            guard statement.effect == .allow, let principals = statement.principals else { return false }
            let isOpen =
                switch principals {
                case .among(let patterns): patterns.contains(.everybody)
                case .outside: true
                }
            return isOpen && !statement.conditions.contains(where: \.isNarrow)
        }
    }

    /// The users, roles and sessions that the policy names: by ARN, or by the id of what was deleted.
    package var namedIdentities: [String] {
        self.statements.flatMap { statement in
            (statement.principals?.members ?? []).compactMap { pattern in
                switch pattern {
                case .identity(let name), .deleted(let name): name
                case .everybody, .account, .service, .federated, .canonicalUser: nil
                }
            }
        }
    }
}

extension PolicyCondition {
    private static let narrowKeys: Set<String> = [
        "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:principalarn", "aws:principalaccount", "aws:principalorgid",
        "aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip", "aws:userid", "aws:username", "kms:calleraccount",
    ]

    /// Whether it holds only for values that the policy's author knew.
    fileprivate var isNarrow: Bool {
        guard Self.narrowKeys.contains(self.key), !self.ifExists, self.quantifier != .forAllValues, !self.comparison.isNegated else {
            return false
        }
        return self.operands.allSatisfy { operand in
            switch (self.comparison, operand) {
            case (.ipAddress, .network(let network)): network.prefixLength >= (network.isIPv4 ? 8 : 16)
            case (.stringEquals, .text(let text)), (.stringEqualsIgnoreCase, .text(let text)): !text.hasVariables
            case (.stringLike, .text(let text)), (.arnEquals, .text(let text)), (.arnLike, .text(let text)): Self.isFixed(text)
            default: false
            }
        }
    }

    /// Without wildcards, or an ARN whose account has none.
    private static func isFixed(_ text: PolicyText) -> Bool {
        guard !text.hasVariables, let pattern = text.pattern(in: RequestContext([:])) else { return false }
        let fields = pattern.fields(6)
        guard pattern.hasWildcard else { return true }
        return fields.count == 6 && !fields[4].hasWildcard && !fields[4].elements.isEmpty
    }
}
