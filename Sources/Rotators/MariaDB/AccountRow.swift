import SecretModel

/// What the server keeps of one `user@host`, from `mysql.global_priv` (MariaDB 10.4 and later).
struct AccountRow: Sendable {
    let name: AccountName
    let rules: [AuthenticationRule]
    let isLocked: Bool
    let attributes: AccountAttributes
    let defaultRole: String?

    /// - Returns: `nil` for a role, which has a row of its own in the same table.
    init?(name: AccountName, json: JSONValue) {
        guard json["is_role"]?.boolValue != true else { return nil }
        self.name = name
        self.rules = Self.rules(of: json)
        self.isLocked = json["account_locked"]?.boolValue ?? false
        self.attributes = AccountAttributes(json)
        self.defaultRole = json["default_role"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The row's own plug-in stands where `auth_or` has an empty object, or alone.
    private static func rules(of json: JSONValue) -> [AuthenticationRule] {
        func rule(_ json: JSONValue) -> AuthenticationRule {
            AuthenticationRule(
                plugin: json["plugin"]?.stringValue ?? AuthenticationRule.native,
                string: json["authentication_string"]?.stringValue ?? ""
            )
        }
        guard let alternatives = json["auth_or"]?.arrayValue, !alternatives.isEmpty else { return [rule(json)] }
        return alternatives.map { $0["plugin"] == nil ? rule(json) : rule($0) }
    }
}
