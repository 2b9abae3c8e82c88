import SecretModel
import Secrets
import Storage

struct ListSecrets: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.ListSecrets"
    let members: [MemberRule] = [
        .flag("IncludePlannedDeletion"), .number("MaxResults", 1...100), .nextToken, .filters,
        MemberRule("SortOrder", .oneOf(["asc", "desc"])),
        MemberRule("SortBy", .oneOf(SecretSortKey.allCases.map(\.rawValue))),
    ]
    let access: AccessRule = .everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let filters = try input.filters()
        let key = input.string("SortBy").flatMap(SecretSortKey.init) ?? .created
        let binding = ["IncludePlannedDeletion", "Filters", "SortOrder", "SortBy"].map { input[$0]?.text ?? "" }
        let page = try await self.secrets.page(
            input,
            matching: filters,
            includingDeleted: input.bool("IncludePlannedDeletion") ?? false,
            in: SecretOrder(key.order, isDescending: input.string("SortOrder") == "desc"),
            limit: input.integer("MaxResults") ?? 100,
            binding: [self.target, context.scope.account, context.scope.region] + binding,
            context
        )
        return .output(
            ("SecretList", .array(page.elements.map { .listEntry(of: $0) })),
            ("NextToken", page.nextToken.map(JSONValue.describing))
        )
    }
}
