import MariaDBClient
import RotationModel
import SecretModel

/// The server's plug-ins that judge new passwords.
///
/// They never see ours, because only a hash is sent (I8). So their rules are read and applied here; and where the server insists on seeing
/// passwords, the rotation is refused rather than the password shown.
enum PasswordValidation {
    /// - Throws: `unsupported` where hashes are refused, `policy_rejected` where the password is too weak by the server's own rules.
    static func check(_ password: SecretValue, on connection: borrowing MariaDBConnection) throws {
        let plugins = try connection.query(
            "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' AND PLUGIN_STATUS = 'ACTIVE'"
        ).compactMap { $0.first ?? nil }
        guard !plugins.isEmpty else { return }
        let variables = try Self.variables(on: connection)
        guard variables["strict_password_validation"] == "OFF" else {
            throw RotationFailure(
                .unsupported,
                "the server (\(plugins.sorted().joined(separator: ", ")) with strict_password_validation) accepts no password hashes, and "
                    + "Keyturn does not send passwords as text",
                hint: "SET GLOBAL strict_password_validation = OFF; the rules of simple_password_check are then applied by Keyturn"
            )
        }
        guard plugins.contains("simple_password_check") else { return }
        try Self.checkSimply(password, variables)
    }

    /// Whether the server refuses hashes where a plug-in would have to judge the password. The default is yes.
    static let strictnessQuestion = "SELECT @@GLOBAL.strict_password_validation"

    /// - Parameter rows: The answer to ``strictnessQuestion``.
    static func isStrict(_ rows: [[String?]]) -> Bool { rows.first?.first == "1" }

    /// Makes one change of a password. A strict server refuses it by itself: its plug-ins, a costly question, are then asked for only to
    /// explain the refusal.
    static func change(
        to password: SecretValue,
        isStrict: Bool,
        on connection: borrowing MariaDBConnection,
        _ change: () throws -> Void
    ) throws {
        guard isStrict else {
            try Self.check(password, on: connection)
            return try change()
        }
        do {
            try change()
        } catch let error as MariaDBError where Self.refusals.contains(error.code) {
            try Self.check(password, on: connection)
            throw error
        }
    }

    /// The same, where the server has not been asked yet how strict it is.
    static func change(to password: SecretValue, on connection: borrowing MariaDBConnection, _ change: () throws -> Void) throws {
        try self.change(to: password, isStrict: self.isStrict(connection.query(self.strictnessQuestion)), on: connection, change)
    }

    /// How SET PASSWORD is refused by a strict server, ER_OPTION_PREVENTS_STATEMENT: "The MariaDB server is running with the
    /// --strict-password-validation option", and ALTER USER, for which this is one cause of several: ER_CANNOT_USER.
    private static let refusals: Set<UInt32> = [1290, 1396]

    private static func variables(on connection: borrowing MariaDBConnection) throws -> [String: String] {
        let rows = try connection.query(
            "SHOW GLOBAL VARIABLES WHERE Variable_name LIKE 'simple\\_password\\_check\\_%' OR Variable_name = 'strict_password_validation'"
        )
        return Dictionary(rows.compactMap { row in row.count == 2 ? (row[0] ?? "", row[1] ?? "") : nil }) { first, _ in first }
    }

    private static func checkSimply(_ password: SecretValue, _ variables: [String: String]) throws(RotationFailure) {
        let bytes = password.bytes
        func count(_ belongs: (UInt8) -> Bool) -> Int { bytes.count(where: belongs) }
        let (upper, lower, digits) = (count { (65...90).contains($0) }, count { (97...122).contains($0) }, count { (48...57).contains($0) })
        let found = [
            ("minimal_length", bytes.count, "characters"), ("digits", digits, "digits"),
            ("letters_same_case", min(upper, lower), "letters of each case"),
            ("other_characters", bytes.count - upper - lower - digits, "other characters"),
        ]
        for (name, have, what) in found {
            guard let wanted = variables["simple_password_check_\(name)"].flatMap({ Int($0) }), have < wanted else { continue }
            throw RotationFailure(
                .policyRejected,
                "the pending value is too weak for the server's simple_password_check: it has fewer than \(wanted) \(what)",
                hint: "change the password profile in the secret's rules"
            )
        }
    }
}
