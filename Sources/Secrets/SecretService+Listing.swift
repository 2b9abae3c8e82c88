package import Auditing
package import SecretModel
package import Storage

extension SecretService {
    /// So many records are in memory at once while a list is filtered.
    private static let batch = 200

    /// The next secrets of the caller's account and region behind a position that pass all filters.
    ///
    /// - Parameter limit: How many at most; ask for one more than is wanted to learn whether there are more.
    package func list(
        matching filters: [SecretFilter] = [],
        includingDeleted: Bool = false,
        in order: SecretOrder,
        after position: SecretOrder.Position? = nil,
        limit: Int,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> [SecretRecord] {
        // Where an order has no index each batch would look at all secrets again: they are walked through once, by creation, instead.
        let isWalk = !filters.isEmpty && !order.hasIndex
        let path = isWalk ? SecretOrder(.created) : order
        var (found, last) = ([SecretRecord](), isWalk ? nil : position)
        while isWalk || found.count < limit {
            let (start, size) = (last, filters.isEmpty ? limit - found.count : Self.batch)
            let records = try await self.read { store in
                try store.secrets(in: origin.scope, includingDeleted: includingDeleted, path, after: start, limit: size)
            }
            found += records.filter { record in !record.isGone(at: origin.now) && filters.allSatisfy { $0.matches(record) } }
            if isWalk { found = order.first(limit, of: found, after: position) }
            guard records.count == size, let end = records.last else { break }
            last = path.position(of: end)
        }
        return Array(found.prefix(limit))
    }

    /// A password after AWS's own rules. Needs no secret and changes nothing.
    package func randomPassword(_ policy: PasswordPolicy) throws(SecretServiceError) -> String {
        var random = self.random
        do throws(PasswordPolicyError) {
            return try policy.generate(using: &random)
        } catch {
            throw .password(error)
        }
    }
}
