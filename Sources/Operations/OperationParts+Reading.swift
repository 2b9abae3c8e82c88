import AWSAPI
import SecretModel
import Storage

extension OperationParts {
    /// Reads from the store; its errors become AWS's.
    func read<Result: Sendable>(_ body: @escaping @Sendable (StoreReader) throws -> Result) async throws(APIError) -> Result {
        try await inWords { try await self.store.read(body) }
    }

    /// The secret that a call names, in its account and region.
    func secret(_ reference: SecretReference, _ context: CallContext) async throws(APIError) -> SecretRecord {
        let scope = context.scope
        guard let secret = try await self.read({ try $0.secret(matching: reference, in: scope) }), secret.arn.scope == scope else {
            throw .noSuchSecret
        }
        return secret
    }
}
