import Access
import Auditing
import SecretModel

/// A request as the audit trail sees it.
struct AuditedRequest: Sendable {
    private(set) var origin: RequestOrigin
    /// The secret that the caller named.
    private(set) var reference: String?

    init(_ operation: any APIOperation, _ request: APIRequest) {
        var generator = SystemRandomNumberGenerator()
        self.origin = RequestOrigin(
            scope: request.caller.scope,
            now: request.now,
            requestID: request.requestID,
            identity: request.caller.auditIdentity,
            client: request.client,
            call: AuditedCall(
                id: UUIDText.ordered(at: request.now, using: &generator),
                source: AuditSource.of(service: operation.service),
                name: operation.name
            )
        )
    }

    /// Takes over what the caller sent, once it is known to be well-formed: what is not may hold anything anywhere.
    mutating func accept(_ input: APIInput, _ rules: [MemberRule]) {
        self.origin.call.parameters = rules.auditParameters(input)
        self.reference = input.string("SecretId")
    }
}

extension APIRouter {
    /// Writes the records of a call; returns once they are on disk.
    ///
    /// A change has written its own in its transaction (I9). What is left are reads, refusals, and changes that found nothing to change.
    ///
    /// - Throws: `InternalServiceError`, if they cannot be written.
    func record(
        _ outcome: Result<JSONValue, APIError>,
        of operation: any APIOperation,
        _ call: AuditedRequest
    ) async throws(APIError) {
        let origin = call.origin
        var own = RequestOrigin.Happening(origin.call.name)
        own.reference = call.reference
        var parts: [RequestOrigin.Happening] = []
        switch outcome {
        case .success(let output):
            // Keyturn's own reads show no value, and are asked again and again by whoever watches.
            guard operation.service != AuditSource.keyturn || !origin.call.isReadOnly else { return }
            own.resource = output.resource
            own.response = operation.recorded(of: output)
            parts = operation.parts(of: output)
        case .failure(let error):
            own.failure = AuditFailure(error)
        }
        do {
            if own.failure == nil, !origin.call.isReadOnly, try await self.audit.isRecorded(origin) { return }
            try await self.audit.record([own] + parts, of: origin)
        } catch {
            throw APIError(internal: "the audit record cannot be written: \(error)")
        }
    }
}

extension JSONValue {
    /// The ARN of the secret or the key that an answer is about, or of the role that was assumed.
    fileprivate var resource: String? {
        if let session = self["AssumedRoleUser"]?["Arn"]?.stringValue { return Principal(arn: session)?.identityARN }
        let key = self["KeyMetadata"]?["Arn"] ?? self["KeyId"]
        return self["ARN"]?.stringValue ?? key?.stringValue.flatMap { $0.utf8.starts(with: "arn:".utf8) ? $0 : nil }
    }
}

extension AuditFailure {
    init(_ error: APIError) {
        self.init(code: error.code, message: error.message)
    }

    /// - Parameter code: As clients see it. CloudTrail calls a denial `AccessDenied`, whatever the service's exception is called: what
    ///   people's alarms look for.
    init(code: String, message: String) {
        self.init(recorded: code == APIError.Code.accessDenied.rawValue ? "AccessDenied" : code, message: message)
    }
}

extension VerifiedCaller {
    fileprivate var auditIdentity: AuditIdentity {
        let actor = AuditActor(arn: self.principalARN, id: self.userID, account: self.account, accessKeyID: self.accessKeyID)
        let issuedAt = self.session?.issuedAt
        return switch self.principal {
        case .root: .account(actor, session: issuedAt)
        case .user(_, let name): .user(name, actor, session: issuedAt)
        case .assumedRole(_, let role, let session):
            .session(session, actor, ofRole: role, arn: self.principal.identityARN, id: self.uniqueID, issuedAt: issuedAt)
        }
    }
}

extension [MemberRule] {
    /// The members as CloudTrail shows them (`aws-service.md` §4.1): names in lower camel case; secret values and tokens are left out, and so
    /// is whatever the operation does not know.
    func auditParameters(_ input: APIInput) -> JSONValue {
        .object(
            self.compactMap { rule in
                guard !rule.isSensitive, !rule.kind.isBlob, let value = input[rule.name] else { return nil }
                return JSONValue.Member(lowerCamel(rule.name), rule.kind.auditParameter(value))
            }
        )
    }
}

extension MemberRule.Kind {
    /// Bytes are values, or values encrypted: CloudTrail shows neither.
    fileprivate var isBlob: Bool {
        if case .blob = self { true } else { false }
    }

    fileprivate func auditParameter(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.structure(let rules), .object): rules.auditParameters(APIInput(value))
        case (.list(let element, _), .array(let values)): .array(values.map { element.auditParameter($0) })
        default: value
        }
    }
}
