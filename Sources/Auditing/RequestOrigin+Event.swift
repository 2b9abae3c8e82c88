package import SecretModel
package import Storage

extension RequestOrigin {
    /// What happened at a call: the call itself if the name is its own, else a part of it, as when one call reads or changes several
    /// secrets.
    package struct Happening: Sendable {
        package var name: String
        /// Of a part; the call has its own.
        package var source = AuditSource.secretsManager
        /// Of a part; the call's own are those that the caller sent.
        package var parameters: JSONValue?
        /// The ARN of the secret or key.
        package var resource: String?
        /// What the caller named, where the ARN is not known: it is looked up, so that refusals are found with the secret.
        package var reference: String?
        /// `nil` for reads, and most changes: AWS shows hardly any.
        package var response: JSONValue?
        package var additional: JSONValue?
        package var failure: AuditFailure?

        package init(
            _ name: String,
            parameters: JSONValue? = nil,
            about resource: String? = nil,
            response: JSONValue? = nil,
            additional: JSONValue? = nil,
            failure: AuditFailure? = nil
        ) {
            self.name = name
            self.parameters = parameters
            self.resource = resource
            self.response = response
            self.additional = additional
            self.failure = failure
        }
    }

    /// The events of it: one in the account that has what it is about and, where the caller is of another, one more in the caller's own
    /// (`aws-service.md` §4.1: `sharedEventID`).
    package func events(_ happening: Happening, using generator: inout some RandomNumberGenerator) -> [AuditEvent] {
        guard self.scope.account != self.home else { return [self.event(happening, using: &generator)] }
        let shared = UUIDText.ordered(at: self.now, using: &generator)
        let copy = self.elsewhere(in: self.scope.region, using: &generator).within(self.home)
        return [self, copy].map { $0.event(happening, sharedID: shared, using: &generator) }
    }

    /// The event of it, in CloudTrail's shape (`aws-service.md` §4.1).
    package func event(
        _ happening: Happening,
        sharedID: String? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> AuditEvent {
        let isCall = happening.name == self.call.name
        var call = self.call
        if !isCall {
            call = AuditedCall(
                id: UUIDText.ordered(at: self.now, using: &generator),
                source: happening.source,
                name: happening.name,
                parameters: happening.parameters
            )
        }
        let record = CloudTrailRecord(
            id: call.id,
            at: self.now,
            scope: self.scope,
            identity: self.identity.members,
            source: call.source,
            name: call.name,
            client: self.client,
            requestID: self.requestID,
            isReadOnly: call.isReadOnly,
            type: "AwsApiCall",
            failure: happening.failure.map { ($0.code, $0.message) },
            parameters: call.parameters,
            response: happening.response,
            additional: happening.additional,
            sharedID: sharedID
        )
        return AuditEvent(
            id: call.id,
            at: self.now,
            scope: self.scope,
            source: call.source,
            name: call.name,
            isReadOnly: call.isReadOnly,
            userName: self.identity.userName,
            accessKeyID: self.identity.accessKeyID,
            resource: happening.resource,
            errorCode: happening.failure?.code,
            text: record.text
        )
    }
}
