package import CertificateAuthority
package import Encryption
package import HTTPServing
package import Storage

/// Why the daemon does not start, or an installation is not made. In every case nothing was changed.
package enum DaemonError: Error, Sendable {
    /// There is data already: a key is never generated over it.
    case alreadyInstalled(path: String)
    case notInstalled(directory: String)
    /// Another process makes an installation there now.
    case beingInstalled(directory: String)
    case directoryOpenToOthers(path: String, mode: UInt32)
    /// A file with a secret in it that others could read or replace.
    case fileOpenToOthers(path: String, mode: UInt32)
    case file(path: String, operation: String, reason: String)
    case rootKey(RootKeyFileError)
    /// What was given is not a recovery key.
    case recoveryKey(RecoveryKeyTextError)
    case encryption(EncryptionError)
    case store(path: String, StoreError)
    /// A fact that `init` writes is missing.
    case incompleteStore(path: String, fact: String)
    case noAdministrator
    case certificate(CertificateError)
    /// `keyturn.yaml` is wrong: the text says where and how.
    case configuration(String)
    case invalidListenAddress(String)
    case plainHTTPNotOnLoopback(host: String)
    case serving(address: String, ServingError)
    case platform(String)
    case failed(String)
}

extension DaemonError {
    /// The exit codes of sysexits.h that commands use (`operating.md` §6.4).
    package var exitCode: Int32 {
        switch self {
        case .invalidListenAddress: 64
        case .serving, .platform, .beingInstalled: 69
        case .store(_, .inUse), .store(_, .outOfSpace): 69
        case .failed: 1
        case .rootKey, .recoveryKey, .directoryOpenToOthers, .fileOpenToOthers, .alreadyInstalled, .notInstalled, .encryption, .store,
            .incompleteStore,
            .noAdministrator,
            .certificate, .plainHTTPNotOnLoopback, .file, .configuration:
            78
        }
    }
}
