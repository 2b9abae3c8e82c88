package import RotationModel
package import SecretModel

/// What a database secret's JSON says (`rotation-contract.md` §1.4): where to log in, and as whom.
///
/// Members that are not listed here are kept, in their place, when a new value is made from this one.
package struct DatabaseSecret: Sendable {
    /// The `ssl` member.
    package enum TLS: String, Hashable, Sendable {
        /// Absent: verified TLS if the server offers it; clear text only to this machine (W3).
        case ifOffered
        /// `true`: verified TLS or nothing.
        case required
        /// `false`: clear text, because the owner of the secret says so.
        case off
    }

    /// Which value this was read from, for messages.
    package enum Source: String, Hashable, Sendable {
        case current, pending, previous, admin

        var phrase: String {
            switch self {
            case .current, .pending, .previous: "the \(self.rawValue) value"
            case .admin: "the admin secret"
            }
        }
    }

    package let source: Source
    package let engine: DatabaseEngine
    /// A host name, an address, or the directory of a Unix socket.
    package let host: String
    package let port: Int
    package let username: String
    package let password: SecretValue
    package let database: String?
    package let tls: TLS
    /// AWS's `masterarn`. Read for messages only: the admin secret is the one that the rules name, never one that the secret itself names
    /// (W24).
    package let adminARN: String?

    private let json: JSONValue

    /// - Parameters:
    ///   - accepting: The engines that the rotator serves.
    ///   - inherited: Where an admin secret's missing `engine`, `host`, `port` and `ssl` come from: an RDS-managed one has a user name
    ///     and a password only.
    /// - Throws: `config_invalid` naming the member that is missing or malformed, and what is accepted. Never a value (I8).
    package init(
        _ value: SecretValue,
        as source: Source,
        accepting engines: Set<DatabaseEngine>,
        inheritingFrom inherited: DatabaseSecret? = nil
    ) throws(RotationFailure) {
        let members = try DatabaseSecretMembers(value, source: source)
        self.source = source
        self.json = members.json
        self.engine = try members.engine(accepting: engines, default: inherited?.engine)
        self.host = try members.name("host", default: inherited?.host)
        self.port = try members.port(default: inherited?.port ?? self.engine.defaultPort)
        self.username = try members.name("username", default: nil)
        self.password = try members.password()
        self.database = try members.optionalName("dbname")
        self.tls = try members.tls(default: inherited?.tls ?? .ifOffered)
        self.adminARN = try members.optionalName("masterarn")
    }

    /// The same JSON with another password and, for strategies that take turns, another user name. Order of members, numbers and unknown
    /// members stay as their owner wrote them.
    package func replacing(password: SecretValue, username: String? = nil) -> SecretValue {
        var json = self.json.setting("password", to: .string(password.string ?? ""))
        if let username { json = json.setting("username", to: .string(username)) }
        return SecretValue(string: json.text)
    }

    /// Whether the host is this machine: a loopback address, `localhost` or a Unix socket.
    package var isLocal: Bool {
        self.host.hasPrefix("/") || self.host == "localhost" || self.host == "::1" || self.isLoopbackIPv4
    }

    private var isLoopbackIPv4: Bool {
        let parts = self.host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
