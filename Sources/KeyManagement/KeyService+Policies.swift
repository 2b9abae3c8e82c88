package import Auditing
import SecretModel
package import Storage

extension KeyService {
    /// Refuses a policy that the caller may not give a key: it gets the key as it is.
    package typealias PolicyCheck = @Sendable (AccountKeyRecord) throws -> Void

    /// Stores a key policy, verbatim.
    package func putPolicy(
        _ text: String,
        name: String,
        on reference: KeyReference,
        check: @escaping PolicyCheck = { _ in },
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) {
        guard name == KeyPolicy.name else { throw .noSuchPolicy(name) }
        let document = try KeyPolicy.parse(text)
        try await self.change(
            reference,
            origin,
            event: "PutKeyPolicy",
            details: [.init("policy", .string(text))],
            allows: Set(AccountKeyRecord.State.allCases)
        ) { key, store in
            try check(key)
            try KeyPolicy.checkPrincipals(of: document, in: store)
            key.policy = text
        }
    }

    /// The key policy as it was put.
    package func policy(named name: String, of reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) -> String {
        guard name == KeyPolicy.name else { throw .noSuchPolicy(name) }
        return try await self.described(reference, origin).policy
    }

    /// A key in whatever state, by id or ARN only.
    package func described(_ reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) -> AccountKeyRecord {
        if case .alias(let name) = reference.target { throw .aliasInsteadOfKey(name) }
        return try await self.read { try $0.key(reference, in: origin.scope) }
    }
}
