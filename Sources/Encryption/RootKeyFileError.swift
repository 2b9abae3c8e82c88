/// Why a root key file cannot be used. Each case says the path and what to do; none says anything of the content (I8).
package enum RootKeyFileError: Error, Hashable, Sendable {
    case missing(path: String)
    /// Group or others can read or write it.
    case openToOthers(path: String, mode: UInt32)
    /// It belongs to a user who is neither this process's nor root.
    case ownedByAnother(path: String, owner: UInt32)
    case notAFile(path: String)
    /// Not one line of the form `keyturn-root-key-v1:` and 32 bytes in base64.
    case malformed(path: String)
    case alreadyExists(path: String)
    case systemError(path: String, operation: String, reason: String)
}

extension RootKeyFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let path):
            "there is no root key at \(path); put the file of this store there, or recover it with the recovery key that `keyturn init` showed"
        case .openToOthers(let path, let mode):
            "the root key \(path) has mode 0\(String(mode, radix: 8)): other users can reach it; run `chmod 0600 \(path)`"
        case .ownedByAnother(let path, let owner):
            "the root key \(path) belongs to user \(owner), who could replace it; run `chown` to give it to the user that runs keyturn"
        case .notAFile(let path):
            "the root key \(path) is not a regular file"
        case .malformed(let path):
            "\(path) is not a root key: it must hold one line, `keyturn-root-key-v1:` and 32 bytes in base64"
        case .alreadyExists(let path):
            "\(path) exists already and is left as it is; a root key is never overwritten"
        case .systemError(let path, let operation, let reason):
            "cannot \(operation) the root key \(path): \(reason)"
        }
    }
}
