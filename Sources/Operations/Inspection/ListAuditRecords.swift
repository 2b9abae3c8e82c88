import AWSAPI
import SecretModel
import Storage

/// Who did what, newest first: of one secret, or of all.
struct ListAuditRecords: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ListAuditRecords"
    let members = [MemberRule("SecretId", .secretName(length: 1...2_048)), .number("MaxResults", 1...1_000)]

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        var secret: SecretARN?
        if input.has("SecretId") { secret = try await self.parts.secret(try input.secret(), context).arn }
        let (arn, limit, scope) = (secret, input.integer("MaxResults") ?? 100, context.scope)
        let records = try await self.parts.read { store in
            if let arn { try store.auditRecords(of: arn, limit: limit) } else { try store.auditRecords(in: scope, limit: limit) }
        }
        return [
            "AuditRecords": .array(
                records.map { record in
                    JSONValue.output([
                        ("Time", .date(record.at)),
                        ("Event", .string(record.event)),
                        ("Actor", .string(record.actor)),
                        ("Secret", record.secret.map { .string($0.description) }),
                        ("RequestId", .string(record.requestID)),
                        ("ErrorCode", record.errorCode.map(JSONValue.string)),
                        ("Details", record.details),
                    ])
                }
            )
        ]
    }
}
