import Crypto
import NIOConcurrencyHelpers

/// Key material in the clear, remembered because unwrapping it for each value would cost as much as the value itself. Whether a key may be
/// used is not remembered: that is asked of the store each time.
final class UnwrappedMaterials: Sendable {
    private struct Name: Hashable {
        let key: KeyID
        let generation: Int
    }

    /// More than this at once are not worth remembering: the cache starts again.
    private static let capacity = 4_096

    private let keys = NIOLockedValueBox<[Name: SymmetricKey]>([:])

    /// - Parameter load: Called if the material is not remembered.
    func key(
        _ key: KeyID,
        _ generation: Int,
        load: () throws -> SymmetricKey
    ) throws -> SymmetricKey {
        let name = Name(key: key, generation: generation)
        if let known = self.keys.withLockedValue({ $0[name] }) { return known }
        let loaded = try load()
        self.keys.withLockedValue { keys in
            if keys.count >= Self.capacity { keys.removeAll() }
            keys[name] = loaded
        }
        return loaded
    }
}
