import MariaDBClient
import SecretModel

/// What an account has besides its password and privileges: TLS requirement, resource limits, password lifetime.
///
/// Read from the JSON of `mysql.global_priv`; an absent member is the server's default.
struct AccountAttributes: Hashable, Sendable {
    /// The TLS that a login must use.
    enum TLSRequirement: Hashable, Sendable {
        case none, any, certificate
        case specified(cipher: String, issuer: String, subject: String)
    }

    let tls: TLSRequirement
    /// By the words of `ALTER USER … WITH`; 0 is no limit.
    let limits: [String: Double]
    /// Days; 0 is never, -1 is the server's default.
    let passwordLifetime: Int64

    private static let limitMembers = [
        ("MAX_QUERIES_PER_HOUR", "max_questions"), ("MAX_UPDATES_PER_HOUR", "max_updates"),
        ("MAX_CONNECTIONS_PER_HOUR", "max_connections"), ("MAX_USER_CONNECTIONS", "max_user_connections"),
        ("MAX_STATEMENT_TIME", "max_statement_time"),
    ]

    init(_ json: JSONValue) {
        func text(_ name: String) -> String { json[name]?.stringValue ?? "" }
        self.tls =
            switch json["ssl_type"]?.integerValue ?? 0 {
            case 1: .any
            case 2: .certificate
            case 3: .specified(cipher: text("ssl_cipher"), issuer: text("x509_issuer"), subject: text("x509_subject"))
            default: .none
            }
        var limits: [String: Double] = [:]
        for (word, member) in Self.limitMembers {
            guard case .number(let text)? = json[member] else {
                limits[word] = 0
                continue
            }
            limits[word] = Double(text) ?? 0
        }
        self.limits = limits
        self.passwordLifetime = json["password_lifetime"]?.integerValue ?? -1
    }

    /// The clauses for ALTER USER; every attribute is named, so that one that is gone from the original goes from its twin.
    func clauses(on connection: borrowing MariaDBConnection) throws(MariaDBError) -> String {
        let limits = Self.limitMembers.map { word, _ in
            let value = self.limits[word] ?? 0
            return "\(word) \(value.rounded() == value ? String(Int64(value)) : String(value))"
        }
        let lifetime =
            switch self.passwordLifetime {
            case ..<0: "DEFAULT"
            case 0: "NEVER"
            default: "INTERVAL \(self.passwordLifetime) DAY"
            }
        return "REQUIRE \(try self.requirement(on: connection)) WITH \(limits.joined(separator: " ")) PASSWORD EXPIRE \(lifetime)"
    }

    private func requirement(on connection: borrowing MariaDBConnection) throws(MariaDBError) -> String {
        switch self.tls {
        case .none: return "NONE"
        case .any: return "SSL"
        case .certificate: return "X509"
        case .specified(let cipher, let issuer, let subject):
            var parts: [String] = []
            for (word, text) in [("CIPHER", cipher), ("ISSUER", issuer), ("SUBJECT", subject)] where !text.isEmpty {
                parts.append("\(word) \(try connection.literal(text))")
            }
            return parts.joined(separator: " AND ")
        }
    }
}
