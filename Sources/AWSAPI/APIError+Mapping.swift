import RotationEngine
import Secrets

/// Calls the rooms below and puts their refusals into AWS's words: the one place where typed errors become codes and texts. What neither
/// room declares is the server's own fault.
func inWords<Output>(_ call: () async throws -> Output) async throws(APIError) -> Output {
    do {
        return try await call()
    } catch let error as SecretServiceError {
        throw APIError(error)
    } catch let error as RotationRequestError {
        throw APIError(error)
    } catch {
        throw APIError(internal: String(describing: error))
    }
}
