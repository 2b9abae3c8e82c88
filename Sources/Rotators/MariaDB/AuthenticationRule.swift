import MariaDBClient
import RotationModel
import SecretModel

/// One alternative of an account's `IDENTIFIED VIA … OR …`: a plug-in and what it compares with.
struct AuthenticationRule: Hashable, Sendable {
    let plugin: String
    /// A hash or key; for some plug-ins a setting, such as PAM's service.
    let string: String

    static let native = "mysql_native_password"
    static let ed25519 = "ed25519"

    /// Whether the alternative is a password of its own in the server: the only kind that a rotation may replace.
    var isPassword: Bool { self.plugin == Self.native || self.plugin == Self.ed25519 }

    /// Whether it accepts the password.
    func accepts(_ password: SecretValue) -> Bool {
        switch self.plugin {
        case Self.native: self.string == NativePasswordHash(of: password).text
        case Self.ed25519: self.string == Ed25519PasswordKey(of: password)?.text
        default: false
        }
    }

    /// The alternative that accepts the password through a plug-in.
    ///
    /// - Throws: `unsupported` for ed25519 and a password that is not 32 bytes long, see ``Ed25519PasswordKey``.
    static func accepting(_ password: SecretValue, through plugin: String) throws(RotationFailure) -> AuthenticationRule {
        guard plugin == Self.ed25519 else {
            return AuthenticationRule(plugin: Self.native, string: NativePasswordHash(of: password).text)
        }
        guard let key = Ed25519PasswordKey(of: password) else {
            throw RotationFailure(
                .unsupported,
                "the account uses the ed25519 plug-in, for which only passwords of exactly 32 bytes can be set without showing them",
                hint: "set the password length to 32 in the secret's rules"
            )
        }
        return AuthenticationRule(plugin: Self.ed25519, string: key.text)
    }
}

extension [AuthenticationRule] {
    /// The account's alternatives with other passwords in the place of its passwords. What is no password (unix_socket, PAM, …) stays
    /// where it is: a rotation never changes a plug-in list silently (W21).
    func replacingPasswords(with passwords: [AuthenticationRule]) -> [AuthenticationRule] {
        let place = self.firstIndex(where: \.isPassword) ?? self.endIndex
        return self[..<place] + passwords + self[place...].filter { !$0.isPassword }
    }

    var passwords: [AuthenticationRule] { self.filter(\.isPassword) }

    func accept(_ password: SecretValue) -> Bool { self.contains { $0.accepts(password) } }

    /// The plug-in through which a new password is set: that of the first password.
    var passwordPlugin: String { self.passwords.first?.plugin ?? AuthenticationRule.native }

    /// The clause for CREATE USER and ALTER USER, literals quoted by the connection.
    func clause(on connection: borrowing MariaDBConnection) throws(MariaDBError) -> String {
        var alternatives: [String] = []
        for rule in self {
            let using = rule.string.isEmpty && !rule.isPassword ? "" : " USING \(try connection.literal(rule.string))"
            alternatives.append(SQLText.identifier(rule.plugin) + using)
        }
        return "IDENTIFIED VIA " + alternatives.joined(separator: " OR ")
    }
}
