import SecretModel
import Secrets

struct ListSecrets: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.ListSecrets"
    let members: [MemberRule] = [
        .flag("IncludePlannedDeletion"), .number("MaxResults", 1...100), .nextToken, .filters,
        MemberRule("SortOrder", .oneOf(["asc", "desc"])),
        MemberRule("SortBy", .oneOf(SecretOrder.Key.allCases.map(\.rawValue))),
    ]

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let filters = try input.filters()
        let found = try await inWords {
            try await self.secrets.list(matching: filters, includingDeleted: input.bool("IncludePlannedDeletion") ?? false, context.origin)
        }
        let order = SecretOrder(
            key: input.string("SortBy").flatMap(SecretOrder.Key.init) ?? .created,
            isDescending: input.string("SortOrder") == "desc"
        )
        let binding = ["IncludePlannedDeletion", "Filters", "SortOrder", "SortBy"].map { input[$0]?.text ?? "" }
        let page = try Page(
            of: found.map { order.entry($0) },
            limit: input.integer("MaxResults") ?? 100,
            after: input,
            isDescending: order.isDescending,
            binding: [self.target, context.scope.account, context.scope.region] + binding
        )
        return .output(
            ("SecretList", .array(page.elements.map { .listEntry(of: $0) })),
            ("NextToken", page.nextToken.map(JSONValue.describing))
        )
    }
}
