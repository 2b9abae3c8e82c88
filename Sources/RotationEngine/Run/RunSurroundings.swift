import RotationModel
import SecretModel
import Storage

/// What is stored around a run when an attempt begins, as far as decisions depend on it.
struct RunSurroundings: Sendable {
    let secret: SecretRecord
    /// Versions of abandoned and cancelled runs that touched the target and after which nothing has succeeded, newest first (W1).
    let earlier: [VersionID]
    /// The number of the run's last history row.
    let lastSequence: Int64
    private let isMaxAgeAtStake: Bool
    private let followingWindow: RotationWindow?
    /// Unfinished and retiring ones, and those whose value may be the live one.
    private let otherRuns: [RunRecord]

    /// - Throws: `StoreError.noSuchSecret`, and what the store throws.
    init(of run: RunRecord, in store: some ReadableStore, at now: Timestamp) throws {
        guard let secret = try store.secret(run.id.secret) else { throw StoreError.noSuchSecret(run.id.secret) }
        self.secret = secret
        self.lastSequence = try store.lastStep(of: run.id)
        self.otherRuns = try store.unsettledRuns(of: run.id.secret).filter { $0.id != run.id }
        self.earlier = try self.otherRuns.filter(\.mayHaveSet).map(\.id.token).filter { token in
            guard secret.labels.labels(of: token).allSatisfy({ $0 != .current && $0 != .previous }) else { return false }
            return try store.version(token, of: run.id.secret)?.value != nil
        }
        let base = try secret.rotation?.lastRotatedAt ?? Self.madeAt(secret, in: store) ?? run.startedAt
        (self.followingWindow, self.isMaxAgeAtStake) = try RunSurroundings.stake(of: run, secret.rotation?.rules, base: base, at: now)
    }

    /// When AWSCURRENT was made.
    private static func madeAt(_ secret: SecretRecord, in store: some ReadableStore) throws -> Timestamp? {
        try secret.labels.holder(of: .current).flatMap { try store.version($0, of: secret.arn)?.createdAt }
    }

    /// The window after the run's, and whether waiting for it would let the credential grow too old. A run without rules, or with rules
    /// that no longer hold, has no window that could hold it back.
    private static func stake(
        of run: RunRecord,
        _ rules: RotationRules?,
        base: Timestamp,
        at now: Timestamp
    ) throws -> (following: RotationWindow?, isMaxAgeAtStake: Bool) {
        guard let rules else { return (nil, true) }
        do {
            let following = try RotationPlanner(rules: rules).nextWindow(after: base, notBefore: max(now, run.window?.end ?? now))
            let deadlines = MaxAgeDeadlines(lastSuccess: base, maxAge: try rules.effectiveMaxAge())
            return (following, deadlines.isAtStake(at: now, nextWindow: following))
        } catch {
            return (nil, true)
        }
    }

    /// Whether Keyturn has never changed this credential: a value that was made from a template was never set on the target, so that the
    /// target refuses it is no drift.
    var isFirstRotation: Bool { self.secret.rotation?.lastRotatedAt == nil }

    func conditions(for run: RunRecord, hasFinishStep: Bool, canRetire: Bool) -> RunConditions {
        var conditions = RunConditions(trigger: run.trigger)
        conditions.window = run.trigger == .schedule ? run.window : nil
        conditions.followingWindow = self.followingWindow
        conditions.freezes = self.secret.rotation?.rules?.freezes ?? []
        conditions.isMaxAgeAtStake = self.isMaxAgeAtStake
        conditions.hasEarlierCandidates = !self.earlier.isEmpty
        conditions.hasFinishStep = hasFinishStep
        conditions.grace = canRetire ? self.secret.rotation?.rules?.grace ?? .hours(24) : nil
        return conditions
    }

    /// The run put back for later without an attempt, if it may not be tried now; `nil` if it may.
    func postponed(_ run: RunRecord, breakers: TargetBreakers, at now: Timestamp) -> RunRecord? {
        var later = run
        later.lease = nil
        later.updatedAt = now
        if let closedFor = breakers.closedFor(run.target, at: now) {
            later.nextAttemptAt = closedFor
            return later
        }
        if run.state == .retiring {
            // The old credential may be the one that an unfinished run needs.
            guard let unfinished = self.otherRuns.first(where: \.state.isUnfinished) else { return nil }
            // A parked run may wait for a person for days, and asking each time costs five transactions.
            later.nextAttemptAt = now + (unfinished.state == .parked ? .hours(1) : .minutes(5))
            return later
        }
        guard run.trigger == .schedule, !run.isTargetTouched, !self.isMaxAgeAtStake else { return nil }
        if let freezeEnd = self.conditions(for: run, hasFinishStep: false, canRetire: false).freezeEnd(at: now) {
            later.nextAttemptAt = freezeEnd
            return later
        }
        guard let window = run.window, now >= window.end, let following = self.followingWindow else { return nil }
        (later.state, later.window, later.nextAttemptAt) = (.failed, following, following.start)
        return later
    }
}

extension RunRecord {
    /// Of a run after which none has succeeded: whether its value may be the live credential.
    fileprivate var mayHaveSet: Bool { self.isTargetTouched && (self.state == .abandoned || self.state == .cancelled) }
}
