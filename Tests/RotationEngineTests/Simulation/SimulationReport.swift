/// What became of one seed.
struct SimulationReport: Sendable {
    /// Something that a simulation must have met many times over all seeds, or it proves nothing.
    enum Coverage: String, CaseIterable, Sendable {
        case secrets, virtualDays, reads, commits
        case rotations, scheduledRotations, testsOfRules, retirements
        case deathsAtClock, deathsBeforeCommit, deathsAfterCommit, deathsAtCall, deathsAfterCall
        case pauses, leaseLosses, failedCommits, lostCommits, clockJumps
        case lostBefore, lostAfter, lateChanges, silentCalls, slowCalls, unreachableCalls, lockedLogins, policyRejections, refusedAdmins
        case unprovenLogins
        case adoptions, repeatedSets, regenerations, drifts, driftsToOldValues, driftAlerts
        case parked, lockedOut, overdueAlerts, failedAttempts, abandoned
        case edits, refusals, puts, labelMoves, cancels, retries, immediateRotations, repeatedTokens, freezes, deletions, restorations
        case healthyRotations
    }

    let seed: UInt64
    /// What happened, in order; the same for the same seed.
    var history: [String] = []
    var violations: [String] = []
    var counts: [Coverage: Int] = [:]
}
