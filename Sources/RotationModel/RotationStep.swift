/// A step of a run. Raw values are AWS's spelling on the wire.
package enum RotationStep: String, Hashable, Sendable, Codable, CaseIterable {
    case createSecret
    case setSecret
    case testSecret
    case finishSecret
    /// Ends the old credential after the grace period (strategies with two live credentials).
    case retire
}

/// How a rotator keeps clients working while the credential changes.
package enum RotationStrategy: String, Hashable, Sendable, Codable, CaseIterable {
    /// One value, cut over: a brief window in which the old one is refused.
    case singleUser = "single-user"
    /// Two live passwords on one account until `retire`.
    case overlapping
    /// Two accounts that take turns.
    case alternatingUsers = "alternating-users"
}

/// What started a run.
package enum RotationTrigger: String, Hashable, Sendable, Codable {
    case schedule, manual, reconcile, test
}
