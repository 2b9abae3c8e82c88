import SecretModel

/// Users and roles as tables.
enum IdentityText {
    /// - Parameter noun: `User` or `Role`.
    static func table(_ identities: [JSONValue], _ noun: String) -> String {
        var table = TextTable(noun.uppercased(), "CREATED", "ACCESS KEYS", "POLICIES")
        for identity in identities {
            let keys = identity["AccessKeys"]?.arrayValue ?? []
            let active = keys.filter { $0.cell("Status") == "Active" }.count
            table.add(
                identity.cell("\(noun)Name"),
                identity.date("CreateDate"),
                keys.isEmpty ? "-" : "\(active) of \(keys.count) active",
                Self.policies(identity)
            )
        }
        return table.text
    }

    static func details(_ identity: JSONValue) -> String {
        var text = "\(identity.cell("Arn"))\n  created   \(identity.date("CreateDate"))\n  policies  \(Self.policies(identity))\n"
        if let boundary = identity["PermissionsBoundary"]?.stringValue { text += "  boundary  \(boundary)\n" }
        if identity["MaxSessionDuration"] != nil { text += "  sessions  of \(identity.cell("MaxSessionDuration")) s at most\n" }
        for tag in identity["Tags"]?.arrayValue ?? [] { text += "  tag       \(tag.cell("Key")) = \(tag.cell("Value"))\n" }
        for key in identity["AccessKeys"]?.arrayValue ?? [] {
            text += "  key       \(key.cell("AccessKeyId"))  \(key.cell("Status"))  since \(key.date("CreateDate"))\n"
        }
        if let trust = identity["AssumeRolePolicyDocument"]?.stringValue { text += "  assumed by what this policy says:\n\(trust)\n" }
        return text
    }

    private static func policies(_ identity: JSONValue) -> String {
        let names = (identity["Policies"]?.arrayValue ?? []).map { policy in
            policy["IsInline"]?.boolValue == true ? "\(policy.cell("PolicyName")) (its own)" : policy.cell("PolicyName")
        }
        return names.isEmpty ? "-" : names.joined(separator: ", ")
    }
}
