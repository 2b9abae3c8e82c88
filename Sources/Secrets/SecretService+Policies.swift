package import Access
package import Auditing
import Identities
package import SecretModel
package import Storage

extension SecretService {
    /// Stores a resource policy, verbatim.
    ///
    /// - Parameter blocksPublic: Refuse a policy that lets anybody in.
    /// - Throws: `malformedPolicy`, `publicPolicy`, `unknownPrincipal`.
    package func putPolicy(
        _ text: String,
        blocksPublic: Bool,
        on reference: SecretReference,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> SecretRecord {
        let document = try Self.policy(text)
        if blocksPublic, document.isPublic { throw .publicPolicy }
        let (record, _) = try await self.change(reference, origin, event: "PutResourcePolicy") { record, store in
            if let unknown = try document.unknownPrincipal(in: store) { throw SecretServiceError.unknownPrincipal(unknown) }
            record.resourcePolicy = text
        }
        return record
    }

    /// - Returns: The secret; its `resourcePolicy` is the text as it was put, `nil` if there is none.
    package func policy(of reference: SecretReference, _ origin: RequestOrigin) async throws(SecretServiceError) -> SecretRecord {
        let record = try await self.describe(reference, origin)
        guard record.deletedAt == nil else { throw .markedForDeletion }
        return record
    }

    /// Succeeds without a policy too.
    package func deletePolicy(of reference: SecretReference, _ origin: RequestOrigin) async throws(SecretServiceError) -> SecretRecord {
        let (record, _) = try await self.change(reference, origin, event: "DeleteResourcePolicy") { record, _ in
            record.resourcePolicy = nil
        }
        return record
    }

    /// The users and roles that a policy names and that do not exist: AWS refuses such a policy.
    package func unknownPrincipal(of document: PolicyDocument) async throws(SecretServiceError) -> String? {
        try await self.read { try document.unknownPrincipal(in: $0) }
    }

    private static func policy(_ text: String) throws(SecretServiceError) -> PolicyDocument {
        do throws(PolicySyntaxError) {
            return try PolicyDocument(parsing: text, as: .resource)
        } catch {
            throw .malformedPolicy(error)
        }
    }
}
