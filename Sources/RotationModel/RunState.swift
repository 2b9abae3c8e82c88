package import SecretModel

/// Where a run stands (`design.md` §4).
package enum RunState: String, Hashable, Sendable, Codable, CaseIterable {
    case preparing, setting, testing, promoting
    case succeeded
    /// A grace period runs; `retire` is due at its end.
    case retiring
    case retired
    /// Between attempts, with a time and a cause.
    case waiting
    /// The window is over and max age is not at stake: the next window tries again with the same run.
    case failed
    /// Needs a person; the world is left as it is, every candidate kept.
    case parked
    /// A newer value came from elsewhere.
    case abandoned
    case cancelled

    /// Whether AWSPENDING belongs to this run and a worker may take it up again.
    package var isUnfinished: Bool {
        switch self {
        case .preparing, .setting, .testing, .promoting, .waiting, .failed, .parked: true
        case .succeeded, .retiring, .retired, .abandoned, .cancelled: false
        }
    }
}

/// Identifies a run: one per ClientRequestToken of a secret.
package struct RunID: Hashable, Sendable, Codable {
    package let secret: SecretARN
    package let token: VersionID

    package init(secret: SecretARN, token: VersionID) {
        self.secret = secret
        self.token = token
    }
}

/// One hand on the wheel (I7): the owner of a run and the term under which it holds it. Every commit of the run checks both.
package struct Lease: Hashable, Sendable, Codable {
    package let owner: String
    package let term: Int64
    package let expires: Timestamp

    package init(owner: String, term: Int64, expires: Timestamp) {
        self.owner = owner
        self.term = term
        self.expires = expires
    }
}
