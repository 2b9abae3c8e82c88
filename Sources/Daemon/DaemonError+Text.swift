import Encryption
import HTTPServing
import Storage

extension DaemonError {
    /// One sentence: what failed and why.
    package var summary: String {
        switch self {
        case .alreadyInstalled(let path): "there is an installation already: \(path) exists, and a key is never made over existing data"
        case .notInstalled(let directory): "there is no installation in \(directory)"
        case .beingInstalled(let directory): "another process is making an installation in \(directory)"
        case .directoryOpenToOthers(let path, let mode):
            "the data directory \(path) has mode 0\(String(mode, radix: 8)): others can reach it"
        case .fileOpenToOthers(let path, let mode):
            "\(path) has mode 0\(String(mode, radix: 8)), so that others can reach the secret in it; run `chmod 0600 \(path)`"
        case .file(let path, let operation, let reason): "cannot \(operation) \(path): \(reason)"
        case .rootKey(let error): error.description
        case .recoveryKey(let error): error.description
        case .encryption(let error): error.description
        case .store(let path, let error): error.sentence(path)
        case .incompleteStore(let path, let fact): "the store \(path) lacks its \(fact): it was not made by `keyturn init`"
        case .noAdministrator: "the store has no active access key of an administrator"
        case .certificate(let error): "the certificate authority cannot be used: \(error)"
        case .configuration(let problem): problem
        case .invalidListenAddress(let text): "`\(text)` is no address to listen on"
        case .plainHTTPNotOnLoopback(let host): "plain HTTP is refused on \(host): values would cross the network in clear text"
        case .serving(let address, .notBound(_, let reason)): "cannot listen on \(address): \(reason)"
        case .serving(_, .unusableCertificate(let reason)): "the server certificate cannot be used: \(reason)"
        case .platform(let reason): "cannot \(reason)"
        case .failed(let reason): reason
        }
    }

    /// What to do now; `nil` where `summary` says it.
    package var nextStep: String? {
        switch self {
        case .alreadyInstalled: "run `keyturn serve` with this directory, or give `keyturn init` an empty one"
        case .notInstalled(let directory): "run `keyturn init --data \(directory)`"
        case .beingInstalled: "wait for it to end: the keys that it shows are the ones of this installation"
        case .directoryOpenToOthers(let path, _): "run `chmod 0700 \(path)`"
        case .store(_, .newerSchema): "run the newer version of keyturn, or restore the backup from before the upgrade"
        case .store(_, .inUse): "stop the other daemon first"
        case .store(_, .outOfSpace): "free space on the disk of the data directory"
        case .invalidListenAddress: "give HOST:PORT, for example 127.0.0.1:8443 or [::1]:8443"
        case .plainHTTPNotOnLoopback: "leave --plain-http out, or listen on 127.0.0.1 or [::1]"
        case .serving(_, .notBound): "stop what listens there, or give another address with --listen"
        case .certificate: "restore the certificate files of the data directory from a backup"
        case .configuration, .rootKey, .recoveryKey, .encryption, .file, .fileOpenToOthers, .store, .incompleteStore, .noAdministrator,
            .serving, .platform,
            .failed:
            nil
        }
    }
}

extension StoreError {
    fileprivate func sentence(_ path: String) -> String {
        switch self {
        case .notOurs(let path, let reason): "\(path) is not a store of Keyturn's and was not touched: \(reason)"
        case .newerSchema(let found, let supported):
            "the store \(path) has schema \(found), and this version knows schemas up to \(supported): a newer Keyturn made it"
        case .inUse(let path): "another process uses the store \(path)"
        case .outOfSpace: "there is no space left for the store \(path)"
        case .unusable(let reason), .failed(let reason): "the store \(path) cannot be used: \(reason)"
        case .revisionConflict, .nameTaken, .noSuchSecret, .leaseLost, .accountOwned: "the store \(path) refused: \(self)"
        }
    }
}
