import Access
import CertificateAuthority
import Encryption
import Identities
import SecretModel
import Storage

/// An installation, opened: the store, and the keys to what is in it.
struct Installation: Sendable {
    let directory: DataDirectory
    let store: Store
    let keyring: Keyring

    /// Names in the table of facts.
    enum Fact {
        static let rootKeyCheck = "root-key-check"
        static let wrappedRootKey = "root-key-under-recovery-key"
    }

    /// The user that `init` makes, with the policy AdministratorAccess.
    static let administrator = "admin"

    /// Opens the store with its root key. Nothing is changed if the key is not the one of this store.
    static func open(_ directory: DataDirectory) async throws(DaemonError) -> Installation {
        try directory.checkMode()
        guard directory.isInstalled else { throw .notInstalled(directory: directory.path) }
        // The store makes itself in an empty file. Here that would be one without its keys, over what may be mended from a backup.
        guard try !PrivateFile.isEmpty(directory.store) else {
            throw .store(path: directory.store, .notOurs(path: directory.store, reason: "it is empty; restore it from a backup"))
        }
        let rootKey: RootKey
        do throws(RootKeyFileError) { rootKey = try RootKey.load(from: directory.rootKey) } catch { throw .rootKey(error) }
        let store: Store
        do { store = try await Store.open(path: directory.store) } catch { throw DaemonError(error, path: directory.store) }
        do throws(DaemonError) {
            let keyring = try await Self.keyring(of: store, path: directory.store, rootKey)
            return Installation(directory: directory, store: store, keyring: keyring)
        } catch {
            do { try store.close() } catch { throw DaemonError(error, path: directory.store) }
            throw error
        }
    }

    private static func keyring(of store: Store, path: String, _ rootKey: RootKey) async throws(DaemonError) -> Keyring {
        let found: (check: [UInt8]?, keys: [KeyRecord])
        do {
            found = try await store.read { (try $0.fact(Fact.rootKeyCheck), try $0.keys()) }
        } catch {
            throw DaemonError(error, path: path)
        }
        guard let check = found.check else { throw .incompleteStore(path: path, fact: Fact.rootKeyCheck) }
        do throws(EncryptionError) {
            try rootKey.verify(checkValue: check)
            return try Keyring(
                unwrapping: found.keys.map { WrappedKey(id: $0.id, bytes: $0.wrapped, isDefault: $0.isDefault) },
                rootKey: rootKey
            )
        } catch {
            throw .encryption(error)
        }
    }

    /// Gives up the store. Waits for running transactions.
    func close() throws(DaemonError) {
        do { try self.store.close() } catch { throw DaemonError(error, path: self.directory.store) }
    }

    /// An access key that may do everything: what `keyturn dev` shows.
    func administratorKey() async throws(DaemonError) -> AccessKey {
        let records: [AccessKeyRecord]
        do { records = try await self.store.read { try $0.administratorKeys() } } catch {
            throw DaemonError(error, path: self.directory.store)
        }
        guard let record = records.first else { throw .noAdministrator }
        do throws(EncryptionError) {
            return AccessKey(id: record.id, secret: try self.keyring.open(record.secret, for: .accessKey(record.id)))
        } catch {
            throw .encryption(error)
        }
    }
}

extension DaemonError {
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = .store(path: path, error)
        case let error as EncryptionError: self = .encryption(error)
        case let error as RootKeyFileError: self = .rootKey(error)
        case let error as CertificateError: self = .certificate(error)
        case let error as DaemonError: self = error
        default: self = .failed("\(path): \(error)")
        }
    }
}
