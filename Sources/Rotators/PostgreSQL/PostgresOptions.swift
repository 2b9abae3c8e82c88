import RotationModel

/// The free settings of the PostgreSQL rotators.
struct PostgresOptions {
    /// PEM file of the authorities that may have signed the server's certificate (`tls_ca_file`).
    let authoritiesFile: String?
    /// A NOLOGIN role that owns the objects and that both twins are members of (`owner_role`).
    let ownerRole: String?
    /// Whether an admin may change superusers and replication accounts (`allow_protected`).
    let allowsProtected: Bool
    /// Whether `retire` takes the password of the previous account away (`expire_previous`).
    let expiresPrevious: Bool
    /// The only account, or original of a pair, that the secret may be of (`account`): who may write the secret's value cannot aim the
    /// admin secret at another one.
    let account: String?
    /// Whether a role with the clone's name that is not provably ours may become the clone (`adopt_clone`).
    let adoptsClone: Bool
    /// Options that no PostgreSQL rotator knows.
    let unknown: [String]

    static let names = ["account", "adopt_clone", "allow_protected", "clone", "expire_previous", "owner_role", "tls_ca_file", "users"]

    init(_ settings: RotatorSettings) throws(RotationFailure) {
        let options = settings.options
        self.authoritiesFile = options["tls_ca_file"]
        self.ownerRole = options["owner_role"]
        self.account = options["account"]
        self.allowsProtected = try Self.flag("allow_protected", options)
        self.adoptsClone = try Self.flag("adopt_clone", options)
        self.expiresPrevious = try Self.flag("expire_previous", options)
        self.unknown = options.keys.filter { !Self.names.contains($0) }.sorted()
        guard ["existing", "managed"].contains(options["clone"] ?? "managed") else {
            throw RotationFailure(.configInvalid, "the option `clone` is neither `existing` nor `managed`")
        }
    }

    private static func flag(_ name: String, _ options: [String: String]) throws(RotationFailure) -> Bool {
        switch options[name] {
        case nil, "false": return false
        case "true": return true
        default: throw RotationFailure(.configInvalid, "the option `\(name)` is neither `true` nor `false`")
        }
    }

    func check(account: String) throws(RotationFailure) {
        guard let bound = self.account, bound != account else { return }
        throw RotationFailure(
            .configInvalid,
            "the secret is of the account \(account), but the rules bind it to \(bound)",
            hint: "Correct the secret's `username`, or the option `account` of the rules."
        )
    }
}
