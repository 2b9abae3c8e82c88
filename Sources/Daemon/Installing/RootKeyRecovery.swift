import Encryption
package import SecretModel
import Storage

/// Makes the root key file again from the recovery key that `init` showed: the store holds the root key wrapped under it.
package enum RootKeyRecovery {
    /// Writes `root.key`. The daemon must not run meanwhile, and the file must not exist: a key is never written over another.
    ///
    /// - Throws: `DaemonError`; then nothing was written.
    package static func recover(in directory: DataDirectory, with text: SecretValue) async throws(DaemonError) {
        try directory.checkMode()
        guard directory.isInstalled else { throw .notInstalled(directory: directory.path) }
        let recoveryKey: RecoveryKey
        do throws(RecoveryKeyTextError) { recoveryKey = try RecoveryKey(text: text) } catch { throw .recoveryKey(error) }
        let store: Store
        do { store = try await Store.open(path: directory.store) } catch { throw DaemonError(error, path: directory.store) }
        do throws(DaemonError) {
            let rootKey = try await self.rootKey(in: store, path: directory.store, recoveryKey)
            do throws(RootKeyFileError) { try rootKey.write(toNewFile: directory.rootKey) } catch { throw .rootKey(error) }
        } catch {
            do { try store.close() } catch { throw DaemonError(error, path: directory.store) }
            throw error
        }
        do { try store.close() } catch { throw DaemonError(error, path: directory.store) }
    }

    private static func rootKey(in store: Store, path: String, _ recoveryKey: RecoveryKey) async throws(DaemonError) -> RootKey {
        let found: (wrapped: [UInt8]?, check: [UInt8]?)
        do {
            found = try await store.read {
                (try $0.fact(Installation.Fact.wrappedRootKey), try $0.fact(Installation.Fact.rootKeyCheck))
            }
        } catch {
            throw DaemonError(error, path: path)
        }
        guard let wrapped = found.wrapped else { throw .incompleteStore(path: path, fact: Installation.Fact.wrappedRootKey) }
        guard let check = found.check else { throw .incompleteStore(path: path, fact: Installation.Fact.rootKeyCheck) }
        do throws(EncryptionError) {
            let rootKey = try RootKey(unwrapping: wrapped, with: recoveryKey)
            try rootKey.verify(checkValue: check)
            return rootKey
        } catch {
            throw .encryption(error)
        }
    }
}
