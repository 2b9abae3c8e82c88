import RotationModel
import SecretModel
import Storage

extension EngineParts {
    /// The actor of what the daemon does by itself.
    static let service = "secretsmanager.amazonaws.com"

    /// The record of a non-API event (`aws-service.md` §1.11).
    func audit(
        _ event: String,
        of run: RunRecord,
        _ failure: RotationFailure? = nil,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        var details: [JSONValue.Member] = [
            .init("SecretId", .string(run.id.secret.description)), .init("VersionId", .string(run.id.token.description)),
            .init("Trigger", .string(run.trigger.rawValue)),
        ]
        if let failure {
            let function = try store.secret(run.id.secret)?.rotation?.lambdaARN ?? run.rotator.description
            let text = "Error when executing lambda \(function) during \(run.failedStep?.rawValue ?? run.step.rawValue) step"
            details.append(.init("errorMessage", .string(text)))
            details.append(.init("cause", .string(failure.message)))
        }
        try self.append(
            event,
            of: run.id.secret,
            by: Self.service,
            requestID: "Rotation-\(run.id.secret)-\(run.id.token)",
            failure?.code,
            .object(details),
            at: now,
            in: store
        )
    }

    /// The record of a rotation that cannot even be read, and is put off.
    func audit(postponed secret: SecretARN, because cause: any Error, at now: Timestamp, in store: StoreTransaction) throws {
        try self.append(
            "RotationPostponed",
            of: secret,
            by: Self.service,
            requestID: "Rotation-\(secret)",
            .internalError,
            .object([.init("SecretId", .string(secret.description)), .init("cause", .string("\(cause)"))]),
            at: now,
            in: store
        )
    }

    /// The record of a request.
    func audit(
        _ event: String,
        of secret: SecretRecord,
        token: VersionID?,
        by caller: AuditActor,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        let details = token.map { JSONValue.object([.init("VersionId", .string($0.description))]) }
        try self.append(event, of: secret.arn, by: caller.principal, requestID: caller.requestID, nil, details, at: now, in: store)
    }

    private func append(
        _ event: String,
        of secret: SecretARN,
        by actor: String,
        requestID: String,
        _ code: RotationFailure.Code?,
        _ details: JSONValue?,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        try store.append(
            AuditRecord(
                id: self.randomness.versionID().description,
                at: now,
                scope: secret.scope,
                actor: actor,
                event: event,
                secret: secret,
                requestID: requestID,
                errorCode: code?.rawValue,
                details: details
            )
        )
    }
}
