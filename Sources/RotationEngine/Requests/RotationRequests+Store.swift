import Auditing
import Encryption
import KeyManagement
import RotationModel
import SecretModel
import Secrets
import Storage

extension RotationRequests {
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (StoreReader) throws -> Result
    ) async throws(RotationRequestError) -> Result {
        do {
            return try await self.parts.store.read(body)
        } catch {
            throw RotationRequestError(wrapping: error)
        }
    }

    /// Runs a transaction for a call, whose admission is asked first.
    func committed<Result: Sendable>(
        for origin: RequestOrigin,
        _ body: @escaping @Sendable (Timestamp, StoreTransaction) throws -> Result
    ) async throws(RotationRequestError) -> Result {
        let now = self.parts.time.now()
        do {
            return try await self.parts.store.write { store in
                do { try origin.admission?(store) } catch { throw RotationRequestError.refused(SecretServiceError(error)) }
                return try body(now, store)
            }
        } catch {
            throw RotationRequestError(wrapping: error)
        }
    }

    func stored(_ arn: SecretARN, in store: some ReadableStore) throws -> SecretRecord {
        guard let secret = try store.secret(arn) else { throw RotationRequestError.noSuchSecret }
        return secret
    }

    /// Saves the changed settings.
    func save(_ change: RotationChange, at now: Timestamp, in store: StoreTransaction) throws -> SecretRecord {
        var secret = change.secret
        secret.rotation = change.rotation
        secret.changedAt = now
        try store.update(secret)
        return try self.stored(secret.arn, in: store)
    }
}

extension RotationRequestError {
    init(wrapping error: any Error) {
        switch error {
        case let refused as RotationRequestError: self = refused
        // Found by the store itself because two requests met: whose the other secret is was not looked at.
        case StoreError.accountOwned: self = .accountOwned(by: nil)
        case let error as SecretServiceError: self = .refused(error)
        case let error as StoreError: self = .store(error)
        case let error as KeyUseError: self = .key(error)
        case let error as EncryptionError: self = .encryption("\(error)")
        default: self = .store(.failed("\(error)"))
        }
    }
}
