import Encryption
import RotationModel
import SecretModel
import Secrets
import Storage

/// The plain values that a step needs, read fresh for it and dropped with it.
struct RunValues: Sendable {
    let secret: SecretRecord
    let pending: SecretValue?
    let current: SecretValue?
    let previous: SecretValue?
    /// The admin secret's value of now: a pooled or remembered one may be stale (`lessons.md` A10).
    let admin: SecretValue?
    let earlier: [VersionID: SecretValue]
    let state: JSONValue?

    init(of run: RunRecord, earlier: [VersionID], parts: EngineParts, in store: some ReadableStore) throws {
        let arn = run.id.secret
        guard let secret = try store.secret(arn) else { throw StoreError.noSuchSecret(arn) }
        self.secret = secret
        let versions = parts.versions
        self.pending = try versions.value(of: run.id.token, of: arn, in: store)
        self.current = try secret.labels.holder(of: .current).flatMap { try versions.value(of: $0, of: arn, in: store) }
        // After the promotion the old credential is what this run replaced, whatever label it has by now.
        let old = run.isPromoted ? run.replaced : secret.labels.holder(of: .previous)
        self.previous = try old.flatMap { try versions.value(of: $0, of: arn, in: store) }
        self.admin = try secret.rotation?.admin.flatMap { try versions.value(at: .current, of: $0, in: store) }
        var values: [VersionID: SecretValue] = [:]
        for version in earlier { values[version] = try versions.value(of: version, of: arn, in: store) }
        self.earlier = values
        self.state = try run.rotatorState.flatMap {
            try JSONValue(parsing: parts.keyring.open($0, for: .runState(arn, run.id.token)).bytes)
        }
    }
}
