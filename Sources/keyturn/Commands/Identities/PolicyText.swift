import SecretModel

/// Managed policies as text.
enum PolicyText {
    static func table(_ answer: JSONValue) -> String {
        var table = TextTable("POLICY", "COMES WITH KEYTURN", "ATTACHED TO")
        for policy in answer["Policies"]?.arrayValue ?? [] {
            let holders = (policy["AttachedTo"]?.arrayValue ?? []).compactMap(\.stringValue)
            table.add(policy.cell("PolicyName"), policy.cell("IsPredefined"), holders.isEmpty ? "-" : holders.joined(separator: ", "))
        }
        return table.text
    }

    /// One policy, and how many have it.
    static func holders(_ policy: JSONValue) -> String {
        "\(policy.cell("PolicyName"))  attached to \(policy["AttachedTo"]?.arrayValue?.count ?? 0)\n"
    }
}
