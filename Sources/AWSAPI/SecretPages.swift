import SecretModel
import Secrets
import Storage

/// `SortBy` of ListSecrets.
enum SecretSortKey: String, CaseIterable {
    case created = "created-date"
    case accessed = "last-accessed-date"
    case changed = "last-changed-date"
    case name

    var order: SecretOrder.Key {
        switch self {
        case .created: .created
        case .accessed: .accessed
        case .changed: .changed
        case .name: .name
        }
    }
}

extension SecretService {
    /// A page of the caller's secrets. No more of them than a page are in memory at once, however many there are.
    func page(
        _ input: APIInput,
        matching filters: [SecretFilter],
        includingDeleted: Bool = false,
        in order: SecretOrder = SecretOrder(.created),
        limit: Int,
        binding: [any CustomStringConvertible],
        _ context: CallContext
    ) async throws(APIError) -> Page<SecretRecord> {
        let binding = PageBinding(binding)
        let start = try binding.start(of: input).map { SecretOrder.Position(number: $0.number, name: $0.text) }
        let found = try await inWords {
            try await self.list(
                matching: filters,
                includingDeleted: includingDeleted,
                in: order,
                after: start,
                limit: limit + 1,
                context.origin
            )
        }
        let entries = found.map { secret in
            let position = order.position(of: secret)
            return PageEntry(secret, key: PagePosition(position.number, position.name))
        }
        return Page(entries, limit: limit, binding)
    }
}
