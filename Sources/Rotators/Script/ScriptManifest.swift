import RotationModel
import SecretModel

/// What a script says about itself: the answer of `describe`, or its sidecar (`rotator-protocol.md` §3.1).
struct ScriptManifest: Hashable, Sendable {
    let summary: String
    let strategy: RotationStrategy
    let verbs: Set<ScriptVerb>
    let needs: [ScriptVerb: Set<ScriptNeed>]
    /// Members of the secret's JSON that the daemon generates, if the script does not declare createSecret.
    let generatedFields: [String]
    let generatedPolicy: PasswordPolicy
    let hasDryRun: Bool
    let timeouts: [ScriptVerb: Duration]
    let defaultTimeout: Duration

    static let protocolName = "keyturn.rotator/v1"

    /// The greatest wall time of a step: Lambda's.
    static let greatestTimeout: Duration = .minutes(15)

    /// Why a manifest is of no use.
    struct Invalid: Error, Hashable {
        let reason: String
    }

    /// Unknown members are ignored.
    init(_ json: JSONValue) throws(Invalid) {
        guard json.members != nil else { throw Invalid(reason: "the manifest is not a JSON object") }
        let protocols = ScriptManifest.texts(json["protocols"])
        guard protocols.contains(ScriptManifest.protocolName) else {
            throw Invalid(reason: "the manifest's `protocols` do not include \(ScriptManifest.protocolName)")
        }
        let verbs = Set(ScriptManifest.texts(json["steps"]).compactMap(ScriptVerb.init(rawValue:)))
        guard verbs.isSuperset(of: [.setSecret, .testSecret]) else {
            throw Invalid(reason: "the manifest's `steps` must include setSecret and testSecret")
        }
        self.verbs = verbs
        self.summary = json["summary"]?.stringValue ?? ""
        self.strategy = try ScriptManifest.strategy(json["strategies"])
        self.needs = try ScriptManifest.needs(json["needs"])
        let fields = ScriptManifest.texts(json["generate"]?["fields"])
        self.generatedFields = fields.isEmpty ? ["password"] : fields
        self.generatedPolicy = ScriptManifest.policy(json["generate"]?["policy"])
        self.hasDryRun = json["dry_run"]?.boolValue ?? false
        (self.defaultTimeout, self.timeouts) = ScriptManifest.timeouts(json["timeouts"])
    }

    /// The values that a verb is given: as declared, else the protocol's defaults (`rotator-protocol.md` §2.3, `design.md` §7).
    func needs(of verb: ScriptVerb) -> Set<ScriptNeed> {
        if let declared = self.needs[verb] { return declared }
        switch verb {
        case .describe: return []
        case .createSecret: return [.current]
        case .setSecret: return [.current, .pending, .admin]
        case .testSecret: return [.pending]
        case .finishSecret: return [.current, .previous]
        case .probe: return [.pending]
        case .retire: return [.current, .previous, .admin]
        case .cleanup: return [.pending, .current, .admin]
        }
    }

    func timeout(of verb: ScriptVerb) -> Duration { self.timeouts[verb] ?? self.defaultTimeout }

    private static func texts(_ json: JSONValue?) -> [String] {
        (json?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// The first that it names is the one it is run with; none: single-user, which promises least.
    private static func strategy(_ json: JSONValue?) throws(Invalid) -> RotationStrategy {
        guard let first = ScriptManifest.texts(json).first else { return .singleUser }
        guard let strategy = RotationStrategy(rawValue: first) else {
            throw Invalid(reason: "the manifest's `strategies` has the unknown strategy '\(first)'")
        }
        return strategy
    }

    private static func needs(_ json: JSONValue?) throws(Invalid) -> [ScriptVerb: Set<ScriptNeed>] {
        var needs: [ScriptVerb: Set<ScriptNeed>] = [:]
        for member in json?.members ?? [] {
            guard let verb = ScriptVerb(rawValue: member.name) else { continue }
            var values: Set<ScriptNeed> = []
            for name in ScriptManifest.texts(member.value) {
                guard let need = ScriptNeed(rawValue: name) else {
                    throw Invalid(reason: "the manifest's `needs.\(verb.rawValue)` has the unknown value '\(name)'")
                }
                values.insert(need)
            }
            needs[verb] = values
        }
        return needs
    }

    private static func policy(_ json: JSONValue?) -> PasswordPolicy {
        var policy = PasswordPolicy.default
        if let length = json?["length"]?.integerValue, (1...4_096).contains(length) { policy.length = Int(length) }
        if let excluded = json?["exclude"]?.stringValue { policy.excludedCharacters = excluded }
        return policy
    }

    private static func timeouts(_ json: JSONValue?) -> (Duration, [ScriptVerb: Duration]) {
        func duration(_ json: JSONValue?) -> Duration? {
            guard let seconds = json?.integerValue, seconds > 0 else { return nil }
            return min(.seconds(seconds), ScriptManifest.greatestTimeout)
        }
        var timeouts: [ScriptVerb: Duration] = [:]
        for verb in ScriptVerb.allCases { timeouts[verb] = duration(json?[verb.rawValue]) }
        return (duration(json?["default"]) ?? .seconds(60), timeouts)
    }
}
