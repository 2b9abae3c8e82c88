/// Why a value or a key could not be sealed or opened. Never a part of either (I8).
package enum EncryptionError: Error, Hashable, Sendable {
    case unknownKey(KeyID)
    /// The ciphertext was altered, or belongs elsewhere.
    case doesNotOpen(KeyID)
    case unsupportedFormat(Int)
    /// The cryptographic library refused to encrypt under this key.
    case cannotSeal(KeyID)
    /// The root key is the right one, but this KMS key's stored form was altered or carries another id.
    case keyDoesNotUnwrap(KeyID)
    /// A store has exactly one default key; these were marked so.
    case notOneDefaultKey([KeyID])
    /// The root key is not the one that this store was made with.
    case wrongRootKey
    /// The recovery key is not the one that was shown for this store.
    case wrongRecoveryKey
}

extension EncryptionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownKey(let id): "the store has no KMS key \(id)"
        case .doesNotOpen(let id): "the ciphertext under KMS key \(id) was altered or belongs to another place"
        case .unsupportedFormat(let format): "format \(format) of sealed values is unknown: a newer Keyturn wrote it"
        case .cannotSeal(let id): "nothing can be encrypted under KMS key \(id)"
        case .keyDoesNotUnwrap(let id): "the stored KMS key \(id) was altered or belongs to another id"
        case .notOneDefaultKey(let ids): "exactly one KMS key must be the default, not \(ids.count)"
        case .wrongRootKey:
            "the root key is not the one of this store; nothing was changed. Give the root key that `keyturn init` made for it"
        case .wrongRecoveryKey: "the recovery key is not the one of this store"
        }
    }
}
