import Access
import Encryption
import Identities
import KeyManagement
import RotationEngine
import Secrets
import Storage

extension APIError {
    /// Puts a refusal of the rooms below into AWS's words: the one place where typed errors become codes and texts. What no room declares
    /// is the server's own fault.
    package init(wrapping error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as SecretServiceError: self.init(error)
        case let error as RotationRequestError: self.init(error)
        case let error as IdentityError: self.init(error)
        case let error as AccessDenial: self.init(SecretServiceError.accessDenied(error))
        case let error as PolicySyntaxError: self.init(SecretServiceError.malformedPolicy(error))
        case let error as StoreError: self.init(error)
        case let error as EncryptionError: self.init(error)
        case let error as KeyServiceError: self.init(error)
        case let error as KeyUseError: self.init(error)
        default: self.init(internal: String(describing: error))
        }
    }
}

/// Calls the rooms below, and puts their refusals into AWS's words.
package func inWords<Output>(_ call: () async throws -> Output) async throws(APIError) -> Output {
    do {
        return try await call()
    } catch {
        throw APIError(wrapping: error)
    }
}
