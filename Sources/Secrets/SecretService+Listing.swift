package import SecretModel
package import Storage

extension SecretService {
    /// The secrets of the caller's account and region that pass all filters, in creation order.
    package func list(
        matching filters: [SecretFilter] = [],
        includingDeleted: Bool = false,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> [SecretRecord] {
        try await self.read { store in
            try store.secrets(in: origin.scope, includingDeleted: includingDeleted).filter { record in
                !record.isGone(at: origin.now) && filters.allSatisfy { $0.matches(record) }
            }
        }
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
