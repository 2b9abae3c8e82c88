import MariaDBClient
import RotationModel
import SecretModel

/// What the account that is logged in can find out about itself, without any privilege.
struct OwnAccount: Sendable {
    let name: AccountName
    /// How it authenticates; `nil` where the server does not say so in a form that Keyturn knows.
    let rules: [AuthenticationRule]?

    /// - Throws: `unsupported` where they are not known.
    func knownRules() throws(RotationFailure) -> [AuthenticationRule] {
        guard let rules = self.rules else {
            throw RotationFailure(.unsupported, "the server does not say how \(self.name) authenticates in a form that Keyturn knows")
        }
        return rules
    }

    /// Whether the server's own definition of the account shows that it accepts this password and no other: a login then proves what it
    /// seems to prove, and no wrong password has to be tried (W11).
    func proves(_ password: SecretValue) -> Bool {
        guard let rules = self.rules, rules.allSatisfy({ $0.isPassword && !$0.string.isEmpty }) else { return false }
        return rules.accept(password)
    }
}

extension MariaDBConnection {
    /// The account that is logged in, by one statement where the server is MariaDB.
    func ownAccount() throws -> OwnAccount {
        guard ServerDialect(self.serverVersion) == .mariaDB else { return OwnAccount(name: try self.currentAccount(), rules: nil) }
        if let tokens = try self.ownDefinition().flatMap(GrantToken.tokens),
            tokens.starts(with: [.word("CREATE"), .word("USER")]), let name = AccountName(tokens[2...])
        {
            return OwnAccount(name: name, rules: AuthenticationRule.rules(in: tokens))
        }
        return OwnAccount(name: try self.currentAccount(), rules: nil)
    }

    private func ownDefinition() throws(MariaDBError) -> String? {
        do throws(MariaDBError) {
            return try self.query("SHOW CREATE USER").first?.first ?? nil
        } catch {
            // Such as a server that was started with --skip-grant-tables: it has no definitions, and takes any password.
            guard error.kind == .other else { throw error }
            return nil
        }
    }

    /// The account that is logged in, and its rights: on MariaDB one statement says both.
    func ownGrants() throws -> (account: OwnAccount, rights: Set<Right>) {
        try self.ownGrants(from: self.query(Self.ownGrantsQuestion))
    }

    static var ownGrantsQuestion: String { "SHOW GRANTS" }

    /// - Parameter rows: The answer to ``ownGrantsQuestion``.
    func ownGrants(from rows: [[String?]]) throws -> (account: OwnAccount, rights: Set<Right>) {
        let lines = rows.compactMap { $0.first ?? nil }.map(GrantToken.tokens)
        let rights = try Self.rights(inLines: lines, account: nil)
        for tokens in lines.compactMap({ $0 }) {
            // The line of what is granted on everything is the only one that has the password; lines of roles have no host.
            guard let end = tokens.firstIndex(of: .word("TO")),
                tokens[..<end].suffix(4).elementsEqual([.word("ON"), .symbol("*"), .symbol("."), .symbol("*")]),
                let name = AccountName(tokens[(end + 1)...])
            else { continue }
            return (OwnAccount(name: name, rules: AuthenticationRule.rules(in: tokens)), rights)
        }
        return (try self.ownAccount(), rights)
    }
}
