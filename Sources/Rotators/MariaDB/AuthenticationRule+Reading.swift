extension AuthenticationRule {
    /// Reads the IDENTIFIED clause of a line of SHOW CREATE USER or SHOW GRANTS.
    ///
    /// - Returns: `nil` for a form that is not known. Without a clause, the account has an empty native password.
    static func rules(in tokens: [GrantToken]) -> [AuthenticationRule]? {
        guard let start = tokens.firstIndex(of: .word("IDENTIFIED")) else {
            return [AuthenticationRule(plugin: Self.native, string: "")]
        }
        var rest = tokens[(start + 1)...]
        if rest.starts(with: [.word("BY"), .word("PASSWORD")]) {
            guard case .text(let hash)? = rest.dropFirst(2).first else { return nil }
            return [AuthenticationRule(plugin: Self.native, string: hash)]
        }
        var rules: [AuthenticationRule] = []
        repeat {
            rest = rest.dropFirst()
            let plugin: String
            switch rest.popFirst() {
            case .word(let name), .name(let name): plugin = name
            default: return nil
            }
            var string = ""
            if rest.first == .word("USING"), case .text(let text)? = rest.dropFirst().first {
                string = text
                rest = rest.dropFirst(2)
            }
            rules.append(AuthenticationRule(plugin: plugin, string: string))
        } while rest.first == .word("OR")
        return rules
    }
}
