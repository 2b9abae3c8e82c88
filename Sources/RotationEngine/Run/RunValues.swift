import Encryption
import KeyManagement
import RotationModel
import SecretModel
import Secrets
import Storage

/// The plain values that the steps of an attempt need.
struct RunValues: Sendable {
    let labels: VersionLabels
    /// `nil` until the run has made its value.
    var pending: SecretValue?
    let current: SecretValue?
    let previous: SecretValue?
    /// The admin secret's value of now: a pooled or remembered one may be stale (`lessons.md` A10).
    let admin: SecretValue?
    let earlier: [VersionID: SecretValue]
    /// Why a candidate is missing that will be there again.
    let hidden: KeyUseError?
    var state: JSONValue?

    init(of run: RunRecord, _ surroundings: RunSurroundings, parts: EngineParts, in store: some ReadableStore) throws {
        let arn = run.id.secret
        let secret = try store.head(of: arn)
        self.labels = secret.labels
        let versions = parts.versions
        self.pending = try versions.value(of: run.id.token, of: arn, in: store)
        self.current = try secret.labels.holder(of: .current).flatMap { try versions.value(of: $0, of: arn, in: store) }
        // After the promotion the old credential is what this run replaced, whatever label it has by now.
        let old = run.isPromoted ? run.replaced : secret.labels.holder(of: .previous)
        var hidden: KeyUseError?
        self.previous = try old.flatMap { try Self.spare($0, of: arn, versions, &hidden, in: store) }
        self.admin = try surroundings.secret.rotation?.admin.flatMap { try versions.value(at: .current, of: $0, in: store) }
        var values: [VersionID: SecretValue] = [:]
        for version in surroundings.earlier { values[version] = try Self.spare(version, of: arn, versions, &hidden, in: store) }
        self.earlier = values
        self.hidden = hidden
        self.state = try run.rotatorState.flatMap {
            try JSONValue(parsing: parts.keyring.open($0, for: .runState(arn, run.id.token)).bytes)
        }
    }

    /// The value of a candidate that a run can do without: one whose KMS key is disabled or gone must not hold the secret up for ever.
    private static func spare(
        _ version: VersionID,
        of secret: SecretARN,
        _ versions: VersionMoves,
        _ hidden: inout KeyUseError?,
        in store: some ReadableStore
    ) throws -> SecretValue? {
        do {
            return try versions.value(of: version, of: secret, in: store)
        } catch let error as KeyUseError {
            if error.cause.isPassing { hidden = error }
            return nil
        }
    }

    /// Whether they are still what a step needs after a commit of the run that found these labels. A version never changes its value, but
    /// labels move, and an admin secret rotates as others do.
    func hold(for labels: VersionLabels) -> Bool { labels == self.labels && self.admin == nil }
}
