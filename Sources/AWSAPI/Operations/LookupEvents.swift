import Auditing
import SecretModel
import Storage

/// CloudTrail's LookupEvents: the audit trail of the caller's account and region, newest first (`aws-service.md` §4.2).
///
/// Unlike at AWS, events about secrets name them in `Resources`, and can be looked up by name as well as by ARN.
struct LookupEvents: APIOperation {
    let store: Store

    let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
    let members: [MemberRule] = [
        .structures(
            "LookupAttributes",
            0...1_000,
            of: [
                MemberRule("AttributeKey", .oneOf(AuditLookup.Key.allCases.map(\.rawValue)), isRequired: true),
                .text("AttributeValue", 1...2_000, isRequired: true),
            ]
        ),
        MemberRule("StartTime", .timestamp), MemberRule("EndTime", .timestamp),
        MemberRule("EventCategory", .oneOf(["insight"])), .number("MaxResults", .min ... .max), .nextToken,
    ]
    let access = AccessRule.everything

    /// What CloudTrail's event history goes back.
    private static let history: Duration = .days(90)
    private static let pageSize = 50

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let limit = input.integer("MaxResults") ?? Self.pageSize
        guard (1...Self.pageSize).contains(limit) else {
            throw APIError(modelled: "InvalidMaxResultsException", "MaxResults must be between 1 and \(Self.pageSize).")
        }
        let lookup = try AuditLookup(input)
        // Insights are not made here: there are none.
        guard !input.has("EventCategory") else { return ["Events": []] }
        let binding = PageBinding(
            [self.target, context.scope.account, context.scope.region]
                + ["LookupAttributes", "StartTime", "EndTime"].map { input[$0]?.text ?? "" }
        )
        let position = try binding.start(of: input).map(AuditFilter.Position.init)
        let (scope, oldest) = (context.scope, context.now - Self.history)
        let records = try await inWords {
            try await self.store.read { store in
                guard var filter = try lookup.filter(in: scope, store) else { return [AuditRecord]() }
                filter.from = max(filter.from ?? oldest, oldest)
                return try store.auditRecords(in: scope, filter, after: position, limit: limit + 1)
            }
        }
        let page = Page(records.map { PageEntry($0, key: $0.position.page) }, limit: limit, binding)
        return .output(
            ("Events", .array(page.elements.map { .cloudTrailEvent($0.event) })),
            ("NextToken", page.nextToken.map(JSONValue.string))
        )
    }
}

extension JSONValue {
    /// An entry of LookupEvents.
    fileprivate static func cloudTrailEvent(_ event: AuditEvent) -> JSONValue {
        let resource = event.resource.map { name -> JSONValue in
            .output(("ResourceType", AuditSource.resourceType(of: event.source).map(JSONValue.string)), ("ResourceName", .string(name)))
        }
        return .output(
            ("EventId", .string(event.id)),
            ("EventName", .string(event.name)),
            ("ReadOnly", .string(event.isReadOnly ? "true" : "false")),
            ("AccessKeyId", event.accessKeyID.map(JSONValue.string)),
            ("EventTime", .integer(event.at.seconds)),
            ("EventSource", .string(event.source)),
            ("Username", event.userName.map(JSONValue.string)),
            ("Resources", .array(resource.map { [$0] } ?? [])),
            ("CloudTrailEvent", .string(event.text))
        )
    }
}

extension AuditFilter.Position {
    init(_ page: PagePosition) {
        self.init(at: Timestamp(microseconds: page.number), sequence: Int64(page.text) ?? 0)
    }

    var page: PagePosition { PagePosition(self.at.microseconds, String(self.sequence)) }
}

extension APIError {
    /// An exception that the model of another service than Secrets Manager has.
    init(modelled code: String, _ message: String) {
        self.init(code: code, message: message, usesCapitalMessage: true)
    }
}
