package import Auditing
package import SecretModel
package import Storage

extension SecretService {
    /// Stores a resource policy, verbatim.
    ///
    /// - Parameter blocksPublic: Refuse a policy that lets anybody in.
    /// - Throws: `malformedPolicy` unless the text is a JSON object with a known Version and statements that name an effect; `publicPolicy`.
    package func putPolicy(
        _ text: String,
        blocksPublic: Bool,
        on reference: SecretReference,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> SecretRecord {
        let document = try PolicyDocument(text)
        if blocksPublic, document.isPublic { throw .publicPolicy }
        let (record, _) = try await self.change(reference, origin, event: "PutResourcePolicy") { record, _ in
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
}
