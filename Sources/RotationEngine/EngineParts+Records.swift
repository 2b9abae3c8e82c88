import Auditing
import RotationModel
import SecretModel
import Storage

extension EngineParts {
    /// The record of a non-API event (`aws-service.md` §1.11).
    func audit(
        _ event: String,
        of run: RunRecord,
        _ failure: RotationFailure? = nil,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        var data: [JSONValue.Member] = [
            .init("VersionId", .string(run.id.token.description)), .init("Trigger", .string(run.trigger.rawValue)),
        ]
        var told: AuditFailure?
        if let failure {
            let function = try store.secret(run.id.secret)?.rotation?.lambdaARN ?? run.rotator.description
            let step = run.failedStep?.rawValue ?? run.step.rawValue
            told = AuditFailure(recorded: failure.code.rawValue, message: "Error when executing lambda \(function) during \(step) step")
            data.append(.init("Cause", .string(failure.message)))
        }
        try self.append(event, of: run.id.secret, "Rotation-\(run.id.secret)-\(run.id.token)", data, told, at: now, in: store)
    }

    /// The record of a rotation that cannot even be read, and is put off.
    func audit(postponed secret: SecretARN, because cause: any Error, at now: Timestamp, in store: StoreTransaction) throws {
        let failure = AuditFailure(recorded: RotationFailure.Code.internalError.rawValue, message: "\(cause)")
        try self.append("RotationPostponed", of: secret, "Rotation-\(secret)", [], failure, at: now, in: store)
    }

    /// The records of old versions that a promotion made superfluous.
    func audit(purged versions: [VersionID], by run: RunRecord, at now: Timestamp, in store: StoreTransaction) throws {
        var generator = self.randomness
        let requestID = "Rotation-\(run.id.secret)-\(run.id.token)"
        let change = VersionChange.deleted
        try self.trail.append(
            change.events(of: versions, of: run.id.secret, requestID: requestID, at: now, using: &generator),
            in: store
        )
    }

    /// The record of a request.
    func audit(
        _ event: String,
        of secret: SecretRecord,
        token: VersionID?,
        by origin: RequestOrigin,
        in store: StoreTransaction
    ) throws {
        var generator = self.randomness
        let happening = RequestOrigin.Happening(
            event,
            about: secret.arn.description,
            additional: token.map { ["VersionId": .string($0.description)] }
        )
        try self.trail.append(origin.events(happening, using: &generator), in: store)
    }

    private func append(
        _ event: String,
        of secret: SecretARN,
        _ requestID: String,
        _ data: [JSONValue.Member],
        _ failure: AuditFailure?,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        var generator = self.randomness
        try self.trail.append(
            AuditEvent.service(event, of: secret, requestID: requestID, data, failure: failure, at: now, using: &generator),
            in: store
        )
    }
}
