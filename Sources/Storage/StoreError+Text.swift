extension StoreError: CustomStringConvertible {
    /// What the store refused, in words for a log.
    package var description: String {
        switch self {
        case .revisionConflict(let secret): "\(secret) was changed meanwhile"
        case .nameTaken(let name): "there is a secret \(name) already"
        case .noSuchSecret(let secret): "there is no secret \(secret)"
        case .leaseLost(let secret, let token): "the lease of the run \(token) of \(secret) is lost"
        case .accountOwned(let owner): "\(owner) rotates this account already"
        case .outOfSpace: "there is no space left for the store; free some on the disk of the data directory"
        case .notOurs(let path, let reason): "\(path) is not a store of Keyturn's: \(reason)"
        case .newerSchema(let found, let supported): "the store has schema \(found), and this version knows schemas up to \(supported)"
        case .inUse(let path): "another process uses the store \(path)"
        case .unusable(let reason), .failed(let reason): reason
        }
    }
}
