import AWSAPI
import SecretModel
import Storage

extension OperationParts {
    /// Reads from the store; its errors become AWS's.
    func read<Result: Sendable>(_ body: @escaping @Sendable (StoreReader) throws -> Result) async throws(APIError) -> Result {
        do {
            return try await self.store.read(body)
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError(internal: String(describing: error))
        }
    }

    /// The secret that a call names, in its account and region.
    func secret(_ reference: SecretReference, _ context: CallContext) async throws(APIError) -> SecretRecord {
        let scope = context.scope
        guard let secret = try await self.read({ try $0.secret(matching: reference, in: scope) }), secret.arn.scope == scope else {
            throw APIError(.resourceNotFound, "Secrets Manager can't find the specified secret.")
        }
        return secret
    }
}

extension CallContext {
    /// The member that every operation on one secret has.
    static let secretMembers = [MemberRule.secretID]
}
