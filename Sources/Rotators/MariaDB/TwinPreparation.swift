import MariaDBClient
import RotationModel
import SecretModel

/// The statements that make a twin, in one conversation with the admin secret. Each may be the last: running it again goes on from there.
struct TwinPreparation: Sendable {
    let pending: SecretValue
    /// The twin's former password, by which it is known to be ours.
    let previous: SecretValue?
    let options: MariaDBOptions

    /// - Returns: Warnings.
    /// - Throws: Before anything is changed when the twin is somebody else's account; otherwise with the twin not yet promoted.
    func prepare(_ parity: TwinParity, on connection: borrowing MariaDBConnection) throws -> [String] {
        if self.options.hasPreparedTwin {
            guard let missing = parity.pairs.first(where: { $0.twin == nil }) else {
                try self.promote(parity, on: connection)
                return parity.problems.map { "not kept in parity, as the rules say: \($0)" }
            }
            throw RotationFailure(
                .notFound,
                "\(missing.target) does not exist, and the option `clone: existing` forbids making it",
                hint: "create it, or remove the option",
                isRetryable: false
            )
        }
        try self.checkOwnership(parity)
        let warnings = parity.strays.filter { !$0.isLocked }.map {
            "locked \($0.name): \(parity.names.original) has no account for its host"
        }
        for stray in parity.strays where !stray.isLocked { try connection.query("ALTER USER \(stray.name.sql) ACCOUNT LOCK") }
        for pair in parity.pairs { try self.align(pair, on: connection) }
        let result = try TwinParity(of: parity.names, on: connection)
        guard result.problems.isEmpty else {
            throw RotationFailure(
                .permissionDenied,
                "the privileges could not be brought into parity: \(result.problems.prefix(5).joined(separator: "; "))",
                hint: "the admin needs each of these privileges WITH GRANT OPTION (roles: WITH ADMIN OPTION)",
                applied: .yes
            )
        }
        try self.promote(result, on: connection)
        return warnings
    }

    /// An account that only happens to have the twin's name must not lose its privileges and password to us. Ours are: those with a password
    /// of the secret, those still locked from an attempt that broke off, and those that can do nothing that the original cannot.
    private func checkOwnership(_ parity: TwinParity) throws(RotationFailure) {
        guard !self.options.adoptsTwin else { return }
        func isOurs(_ row: AccountRow) -> Bool {
            row.isLocked || row.rules.accept(self.pending) || (self.previous.map { row.rules.accept($0) } ?? false)
        }
        let strangers = parity.pairs.compactMap { pair -> AccountName? in
            guard let twin = pair.twin, !isOurs(twin), !pair.difference.extra.isEmpty else { return nil }
            return twin.name
        }
        let found = strangers + parity.strays.filter { !isOurs($0) }.map(\.name)
        guard !found.isEmpty else { return }
        throw RotationFailure(
            .configInvalid,
            "\(found.phrase) exists, has a password that is none of the secret's, and may do what \(parity.names.original) may not",
            hint: "if it may become the second user, set the option `adopt_clone: true`; else name another pair with `users`"
        )
    }

    private func align(_ pair: TwinParity.Pair, on connection: borrowing MariaDBConnection) throws {
        let attributes = try pair.original.attributes.clauses(on: connection)
        if pair.twin == nil {
            let nobodyKnows = AuthenticationRule(plugin: AuthenticationRule.native, string: Self.randomHash())
            try connection.query("CREATE USER \(pair.target.sql) \([nobodyKnows].clause(on: connection)) \(attributes) ACCOUNT LOCK")
        } else if !pair.hasSameAttributes {
            try connection.query("ALTER USER \(pair.target.sql) \(attributes)")
        }
        for statement in pair.difference.statements(for: pair.target) { try connection.query(statement) }
        if !pair.hasSameDefaultRole {
            let role = pair.original.defaultRole.map { SQLText.identifier($0) } ?? "NONE"
            try connection.query("SET DEFAULT ROLE \(role) FOR \(pair.target.sql)")
        }
    }

    /// The pending password and the unlocking, last and in one statement.
    private func promote(_ parity: TwinParity, on connection: borrowing MariaDBConnection) throws {
        var changes: [(name: AccountName, rules: [AuthenticationRule])] = []
        for pair in parity.pairs {
            guard let twin = pair.twin else { continue }
            let template = self.options.hasPreparedTwin ? twin.rules : pair.original.rules
            let rule = try AuthenticationRule.accepting(self.pending, through: template.passwordPlugin)
            let rules = twin.rules.replacingPasswords(with: [rule])
            if rules != twin.rules || twin.isLocked { changes.append((twin.name, rules)) }
        }
        try connection.alter(changes, suffix: " ACCOUNT UNLOCK")
    }

    private static func randomHash() -> String {
        let digits = Array("0123456789ABCDEF")
        return "*" + String((0..<40).map { _ in digits[Int.random(in: 0..<16)] })
    }
}
