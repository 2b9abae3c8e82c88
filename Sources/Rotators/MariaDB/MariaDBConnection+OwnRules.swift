import MariaDBClient
import RotationModel

extension MariaDBConnection {
    /// How the account that is logged in authenticates. It may ask this without any privilege.
    func ownRules() throws -> [AuthenticationRule] {
        guard let text = try self.query("SHOW CREATE USER").first?.first ?? nil, let rules = AuthenticationRule.rules(inDefinition: text)
        else {
            throw RotationFailure(.unsupported, "SHOW CREATE USER has a form that Keyturn does not know")
        }
        return rules
    }
}

extension AuthenticationRule {
    /// Reads the IDENTIFIED clause of a line of SHOW CREATE USER.
    ///
    /// - Returns: `nil` for a form that is not known. Without a clause, the account has an empty native password.
    static func rules(inDefinition line: String) -> [AuthenticationRule]? {
        guard let tokens = GrantToken.tokens(of: line) else { return nil }
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
