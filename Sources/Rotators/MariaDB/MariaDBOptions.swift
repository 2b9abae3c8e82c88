import RotationModel

/// The settings of a secret's rules that the MariaDB rotators know.
struct MariaDBOptions: Hashable, Sendable {
    /// `tls_ca_file`: PEM file of the certificate authorities of the server.
    let authorityFile: String?
    /// `users`: `a,b`, the pair that takes turns; `a` is the original whose privileges `b` gets.
    let pair: [String]?
    /// `clone: existing`: the twin was prepared by hand. Only its password changes; its privileges are its owner's business.
    let hasPreparedTwin: Bool
    /// `adopt_clone: true`: an account with the twin's name that is not provably ours may be made the twin.
    let adoptsTwin: Bool
    /// `allow_protected: true`: accounts with SUPER, replication or all privileges may be rotated.
    let allowsProtected: Bool
    /// `expire_previous: true`: `retire` locks the account that had its turn before, until its next turn (W27).
    let expiresPrevious: Bool

    private static let names: Set<String> = ["tls_ca_file", "users", "clone", "adopt_clone", "allow_protected", "expire_previous"]

    init(_ settings: RotatorSettings) throws(RotationFailure) {
        let options = settings.options
        if let unknown = options.keys.filter({ !Self.names.contains($0) }).min() {
            throw RotationFailure(
                .configInvalid,
                "the MariaDB rotators have no option `\(unknown)`",
                hint: "options: \(Self.names.sorted().joined(separator: ", "))"
            )
        }
        self.authorityFile = options["tls_ca_file"]
        self.pair = try Self.pair(options["users"])
        self.hasPreparedTwin = try Self.choice("clone", options["clone"], "existing", "managed")
        self.adoptsTwin = try Self.choice("adopt_clone", options["adopt_clone"], "true", "false")
        self.allowsProtected = try Self.choice("allow_protected", options["allow_protected"], "true", "false")
        self.expiresPrevious = try Self.choice("expire_previous", options["expire_previous"], "true", "false")
    }

    private static func pair(_ text: String?) throws(RotationFailure) -> [String]? {
        guard let text else { return nil }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard names.count == 2, names[0] != names[1], names.allSatisfy({ !$0.isEmpty }) else {
            throw RotationFailure(
                .configInvalid,
                "the option `users` is no pair of names",
                hint: "`users`: two different names, such as a,b"
            )
        }
        return names
    }

    private static func choice(_ name: String, _ text: String?, _ yes: String, _ no: String) throws(RotationFailure) -> Bool {
        switch text {
        case nil, no: return false
        case yes: return true
        default: throw RotationFailure(.configInvalid, "the option `\(name)` is neither `\(yes)` nor `\(no)`")
        }
    }
}
