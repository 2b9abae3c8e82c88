import Crypto
import NIOConcurrencyHelpers

/// Keys in the clear, remembered because unwrapping or deriving them for each use would cost as much as the use itself. Whether a key may
/// be used is not remembered: that is asked of the store each time.
///
/// `Part` tells the keys apart that come of one: its generation, or what it is for.
final class RememberedKeys<Part: Hashable & Sendable>: Sendable {
    private struct Name: Hashable {
        let key: KeyID
        let part: Part
    }

    /// More than this at once are not worth remembering: the cache starts again.
    private let capacity = 4_096

    private let keys = NIOLockedValueBox<[Name: SymmetricKey]>([:])

    /// - Parameter load: Called if the key is not remembered.
    func key<Failure: Error>(_ key: KeyID, _ part: Part, load: () throws(Failure) -> SymmetricKey) throws(Failure) -> SymmetricKey {
        let name = Name(key: key, part: part)
        if let known = self.keys.withLockedValue({ $0[name] }) { return known }
        let loaded = try load()
        self.keys.withLockedValue { keys in
            if keys.count >= self.capacity { keys.removeAll() }
            keys[name] = loaded
        }
        return loaded
    }
}
