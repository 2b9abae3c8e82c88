import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

/// A request about rotation, checked: what the secret's settings become.
struct RotationChange: Sendable {
    /// As it is stored.
    var secret: SecretRecord
    var rotation: RotationRecord
    let manifest: RotatorManifest
    /// A run of this token exists already: the request came twice.
    let isRepeated: Bool
}

/// What is stored around a request, read before the rotator is asked.
struct RotationSnapshot: Sendable {
    let secret: SecretRecord
    let current: SecretValue?
    let currentMadeAt: Timestamp?
    let unfinished: RunRecord?
    let run: RunRecord?
    let hasTokenVersion: Bool

    /// - Parameter readsValue: `false` for what must work without the key of the value, such as turning rotation off.
    init(
        _ reference: SecretReference,
        in scope: SecretScope,
        token: VersionID?,
        readsValue: Bool = true,
        parts: EngineParts,
        store: some ReadableStore
    ) throws {
        guard let secret = try store.secret(matching: reference, in: scope), secret.arn.scope == scope else {
            throw RotationRequestError.noSuchSecret
        }
        guard !secret.replication.isReplica else { throw RotationRequestError.replicaIsReadOnly }
        guard secret.deletedAt == nil else { throw RotationRequestError.markedForDeletion }
        self.secret = secret
        self.current = readsValue ? try parts.versions.value(at: .current, of: secret.arn, in: store) : nil
        self.currentMadeAt = try secret.labels.holder(of: .current).flatMap { try store.version($0, of: secret.arn)?.createdAt }
        self.unfinished = try store.unfinishedRun(of: secret.arn)
        self.run = try token.flatMap { try store.run(RunID(secret: secret.arn, token: $0)) }
        self.hasTokenVersion = try token.map { try store.version($0, of: secret.arn) != nil } ?? false
    }
}
