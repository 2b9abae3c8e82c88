import Crypto

/// The key from which the root key can be had again. `init` makes it and shows it once; the store keeps only the root key wrapped under it.
package struct RecoveryKey: Sendable {
    let key: SymmetricKey

    init(_ key: SymmetricKey) {
        self.key = key
    }

    /// A new key of 32 bytes from the system's random source.
    package static func random() -> RecoveryKey {
        RecoveryKey(SymmetricKey(size: .bits256))
    }
}

extension RootKey {
    private static let recoveryPurpose = AssociatedData(purpose: "keyturn root key under recovery key", ["1"])

    /// The root key encrypted under a recovery key, to be stored as it is.
    ///
    /// - Throws: What swift-crypto throws if it cannot encrypt.
    package func wrapped(under recovery: RecoveryKey) throws -> [UInt8] {
        try recovery.key.seal(self.key.plainBytes, RootKey.recoveryPurpose)
    }

    /// - Throws: `EncryptionError.wrongRecoveryKey`, also if `wrapped` was altered.
    package init(unwrapping wrapped: [UInt8], with recovery: RecoveryKey) throws(EncryptionError) {
        do {
            self.init(SymmetricKey(data: try recovery.key.open(wrapped, RootKey.recoveryPurpose)))
        } catch {
            throw .wrongRecoveryKey
        }
    }
}

extension RecoveryKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
