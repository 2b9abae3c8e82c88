package import Access
import CertificateAuthority
import Encryption
import Glibc
import Identities
package import SecretModel
import Storage

/// What `keyturn init` makes, and shows once.
package struct NewInstallation: Sendable {
    package let directory: DataDirectory
    /// The first access key of the administrator.
    package let administratorKey: AccessKey
    /// From which the root key can be had again; the store keeps no copy.
    package let recoveryKey: SecretValue

    /// Makes an installation: root key, store with its first KMS key and access key, and certificate authority.
    ///
    /// Everything is made in a directory aside and moved into place, the store last: whatever fails or ends half-way, there is
    /// no store with a key that is gone, and what was made is removed again.
    ///
    /// - Throws: `DaemonError.alreadyInstalled` if any file of an installation is there, `.beingInstalled` if another process makes one.
    package static func make(in directory: DataDirectory, now: Timestamp) async throws(DaemonError) -> NewInstallation {
        let isNew = try directory.make()
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        do throws(DaemonError) {
            for path in directory.installedFiles where access(path, F_OK) == 0 { throw .alreadyInstalled(path: path) }
            let staging = directory.staging
            // What an `init` that was killed left there was never in use.
            try DirectoryTree.remove(staging.path)
            do throws(DaemonError) {
                _ = try staging.make()
                let made = try await Self.make(in: directory, staging: staging, now: now)
                for (source, destination) in zip(staging.installedFiles, directory.installedFiles) {
                    try PrivateFile.move(source, to: destination)
                }
                try DirectoryTree.remove(staging.path)
                return made
            } catch {
                for path in directory.installedFiles where !directory.isInstalled { unlink(path) }
                try DirectoryTree.remove(staging.path)
                throw error
            }
        } catch {
            if isNew { rmdir(directory.path) }
            throw error
        }
    }

    private static func make(
        in directory: DataDirectory,
        staging: DataDirectory,
        now: Timestamp
    ) async throws(DaemonError) -> NewInstallation {
        var generator = SystemRandomNumberGenerator()
        let administratorKey = AccessKey(using: &generator)
        let keyID = KeyID(VersionID(using: &generator).description)
        let rootKey = RootKey.random()
        let recoveryKey = RecoveryKey.random()
        do {
            let authority = try CertificateAuthority.make(named: HostName.current, now: now)
            try PrivateFile.replace(staging.authorityKey, with: authority.identity.key.bytes)
            try PrivateFile.replace(staging.authorityCertificate, with: Array(authority.identity.certificate.utf8))
            try rootKey.write(toNewFile: staging.rootKey)

            let (keyring, key) = try Keyring.create(defaultKey: keyID, rootKey: rootKey)
            let access = AccessKeyRecord(
                id: administratorKey.id,
                account: .initial,
                user: Installation.administrator,
                secret: try keyring.seal(administratorKey.secret, for: .accessKey(administratorKey.id)),
                createdAt: now
            )
            let administratorID = "AIDA" + access.id.dropFirst(4)
            let wrappedRootKey = try rootKey.wrapped(under: recoveryKey)
            let store = try await Store.open(path: staging.store)
            try await store.write { store in
                try store.setFact(Installation.Fact.rootKeyCheck, rootKey.checkValue)
                try store.setFact(Installation.Fact.wrappedRootKey, wrappedRootKey)
                try store.insert(KeyRecord(id: key.id, wrapped: key.bytes, createdAt: now, isDefault: key.isDefault))
                try store.insertAdministrator(access.user, uniqueID: administratorID, at: now)
                try store.insert(access)
            }
            try store.close()
        } catch {
            throw DaemonError(error, path: staging.path)
        }
        return NewInstallation(directory: directory, administratorKey: administratorKey, recoveryKey: recoveryKey.text)
    }
}
