import AWSAPI
import SecretModel
import Storage

/// Who did what: the records that have all of the given attributes, newest first; or, to follow and to export the trail, those behind a
/// sequence, in the order of the chain, of all regions of the caller's account.
struct ListAuditRecords: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ListAuditRecords"
    let members = [
        MemberRule("SecretId", .secretName(length: 1...2_048)), .text("EventName", 1...128), .text("EventSource", 1...128),
        .text("Username", 1...128), .text("AccessKeyId", 1...128), .flag("ReadOnly"), .flag("IsFailure"),
        MemberRule("StartTime", .timestamp), MemberRule("EndTime", .timestamp), .number("MaxResults", 1...1_000),
        .number("BeforeSequence", 0 ... .max), .number("AfterSequence", 0 ... .max),
    ]
    let access = AccessRule.everything

    private static let pageSize = 100

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let limit = input.integer("MaxResults") ?? Self.pageSize
        if let sequence = input.integer("AfterSequence") {
            return try await self.followers(of: Int64(sequence), limit: limit, context)
        }
        let (filter, scope, last) = (try await self.filter(input, context), context.scope, input.integer("BeforeSequence"))
        let records = try await self.parts.read { store in
            let position = try last.flatMap { try store.auditRecords(after: Int64($0) - 1, limit: 1).first?.position }
            return try store.auditRecords(in: scope, filter, after: position, limit: limit)
        }
        return ["AuditRecords": .array(records.map(JSONValue.auditRecord))]
    }

    /// `LastSequence` is the last record that was looked at: the next call goes on behind it.
    private func followers(of sequence: Int64, limit: Int, _ context: CallContext) async throws(APIError) -> JSONValue {
        let records = try await self.parts.read { try $0.auditRecords(after: sequence, limit: limit) }
        let own = records.filter { $0.event.scope.account == context.scope.account }
        return [
            "AuditRecords": .array(own.map(JSONValue.auditRecord)),
            "LastSequence": .integer(records.last?.sequence ?? sequence),
            "IsAtEnd": .bool(records.count < limit),
        ]
    }

    private func filter(_ input: APIInput, _ context: CallContext) async throws(APIError) -> AuditFilter {
        var filter = AuditFilter()
        if input.has("SecretId") { filter.resource = try await self.resource(input, context) }
        (filter.name, filter.source) = (input.string("EventName"), input.string("EventSource"))
        (filter.userName, filter.accessKeyID) = (input.string("Username"), input.string("AccessKeyId"))
        (filter.isReadOnly, filter.isFailure) = (input.bool("ReadOnly"), input.bool("IsFailure"))
        (filter.from, filter.through) = (input.timestamp("StartTime"), input.timestamp("EndTime"))
        return filter
    }

    /// The ARN of the secret; of one that is gone, its history is found by the ARN that the caller gives.
    private func resource(_ input: APIInput, _ context: CallContext) async throws(APIError) -> String {
        let (reference, scope) = (try input.secret(), context.scope)
        let found = try await self.parts.read { try $0.head(matching: reference, in: scope)?.arn }
        if let found, found.scope.account == scope.account { return found.description }
        guard case .arn(let arn) = reference else { throw .noSuchSecret }
        return arn.description
    }
}
