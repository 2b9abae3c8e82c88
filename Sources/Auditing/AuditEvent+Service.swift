package import SecretModel
package import Storage

/// Events that are no calls of the API: what the daemon does by itself (`aws-service.md` §1.11).
extension AuditEvent {
    /// - Parameters:
    ///   - data: What `additionalEventData` has besides the secret's ARN.
    ///   - failure: Its code is searched for and stands in `additionalEventData`; AWS's record has only the message.
    package static func service(
        _ name: String,
        of secret: SecretARN,
        requestID: String,
        _ data: [JSONValue.Member] = [],
        failure: AuditFailure? = nil,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> AuditEvent {
        let resource = secret.description
        let code = failure.map { [JSONValue.Member("ErrorCode", .string($0.code))] } ?? []
        return self.service(
            name,
            from: AuditSource.secretsManager,
            in: secret.scope,
            about: resource,
            requestID,
            [.init("SecretId", .string(resource))] + data + code,
            failure,
            at: now,
            using: &generator
        )
    }

    /// - Parameter key: The ARN of a KMS key.
    package static func service(
        _ name: String,
        ofKey key: String,
        in scope: SecretScope,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> AuditEvent {
        let requestID = VersionID(using: &generator).description
        return self.service(
            name,
            from: AuditSource.kms,
            in: scope,
            about: key,
            requestID,
            [.init("keyId", .string(key))],
            nil,
            at: now,
            using: &generator
        )
    }

    private static func service(
        _ name: String,
        from source: String,
        in scope: SecretScope,
        about resource: String,
        _ requestID: String,
        _ data: [JSONValue.Member],
        _ failure: AuditFailure?,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> AuditEvent {
        let id = UUIDText.ordered(at: now, using: &generator)
        let record = CloudTrailRecord(
            id: id,
            at: now,
            scope: scope,
            identity: ["accountId": .string(scope.account.description), "invokedBy": .string(source)],
            source: source,
            name: name,
            client: RequestClient(address: source, userAgent: source),
            requestID: requestID,
            isReadOnly: false,
            type: "AwsServiceEvent",
            failure: failure.map { (nil, $0.message) },
            parameters: nil,
            response: nil,
            additional: .object(data)
        )
        return AuditEvent(
            id: id,
            at: now,
            scope: scope,
            source: source,
            name: name,
            isReadOnly: false,
            resource: resource,
            errorCode: failure?.code,
            text: record.text
        )
    }
}
