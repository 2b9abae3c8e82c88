package import SecretModel

extension RunMachine {
    mutating func fail(_ step: RotationStep, _ failure: RotationFailure, at now: Timestamp, delay: Duration) -> RunAction {
        if step == .setSecret, failure.applied != .no { self.isBasisOutdated = true }
        switch step {
        case .testSecret where self.conditions.trigger == .test: return .end(.tested(failure))
        case .createSecret: return self.settle(failure, at: now, delay: delay)
        case .setSecret, .testSecret:
            guard self.isWorthAsking(after: failure, of: step) else { return self.settle(failure, at: now, delay: delay) }
            self.hasProbed = true
            self.cause = (step, failure)
            return .probe
        case .finishSecret:
            guard failure.isRetryable, self.progress.attempt < self.limits.finishAttempts else { return self.success(at: now, failure) }
            return .end(.waiting(until: now + self.pause(after: failure, delay), failure))
        case .retire:
            let next = failure.isTransient ? now + self.pause(after: failure, delay) : nil
            return .end(.retireFailed(nextAttempt: next, failure))
        }
    }

    /// Ends an attempt of which no step can be tried, for a cause that is none of the target's.
    package mutating func stop(because failure: RotationFailure, at now: Timestamp, delay: Duration) -> RunAction {
        if self.conditions.trigger == .test { return .end(.tested(failure)) }
        switch self.progress.step {
        case .finishSecret, .retire: return self.fail(self.progress.step, failure, at: now, delay: delay)
        case .createSecret, .setSecret, .testSecret: return self.settle(failure, at: now, delay: delay)
        }
    }

    /// Continues after the probes.
    mutating func resume(on decision: RecoveryDecision, at now: Timestamp, delay: Duration) -> RunAction {
        self.isBasisOutdated = false
        if case .setPending(let basis) = decision {
            self.basis = basis
            self.progress.hasDrift = self.progress.hasDrift || basis.isDrift
        } else {
            self.basis = nil
        }
        guard let cause = self.cause else { return self.start(on: decision, at: now, delay: delay) }
        self.cause = nil
        switch decision {
        case .park: return self.park()
        case .adopt where cause.step == .setSecret: return self.adopt()
        case .setPending(let basis) where cause.step == .setSecret && cause.failure.code == .policyRejected:
            // The policy goes on refusing this value, and I3 allows no other: nothing changes before a person has acted.
            guard basis.allowsNewValue else {
                return .end(.parked(cause.failure.withoutAnotherValue, allRefused: basis == .admin))
            }
            guard self.progress.regenerations < self.limits.regenerations else {
                return .end(.parked(cause.failure, allRefused: false))
            }
            return .regenerate
        case .adopt, .setPending, .backOff: return self.settle(cause.failure, at: now, delay: delay)
        }
    }

    private mutating func start(on decision: RecoveryDecision, at now: Timestamp, delay: Duration) -> RunAction {
        switch decision {
        case .adopt: return self.adopt()
        case .setPending: return self.beginSetting()
        case .backOff(_, .unreachable, let failure): return self.wait(failure, at: now, delay: delay)
        case .backOff(_, _, let failure): return self.settle(failure, at: now, delay: delay)
        case .park: return self.park()
        }
    }

    private mutating func adopt() -> RunAction {
        self.progress.isTargetTouched = true
        self.progress.step = .testSecret
        return .perform(.testSecret)
    }

    private func park() -> RunAction {
        let failure = RotationFailure(
            .authFailed,
            "the target refuses the pending, the current and every earlier value, and no admin secret is configured",
            hint:
                "Set the account's password to that of AWSPENDING or AWSCURRENT on the target, or name an admin secret; then retry the run.",
            isRetryable: false
        )
        return .end(.parked(failure, allRefused: true))
    }

    /// Whether the probes can explain a failure. A target that does not answer would not answer them either, and a locked account must
    /// not be asked again.
    private func isWorthAsking(after failure: RotationFailure, of step: RotationStep) -> Bool {
        switch failure.code {
        case .targetUnreachable, .timeout, .rateLimited, .accountLocked: false
        case .policyRejected: step == .setSecret || !self.hasProbed
        default: !self.hasProbed
        }
    }

    /// Parks what retrying cannot mend; everything else waits.
    private func settle(_ failure: RotationFailure, at now: Timestamp, delay: Duration) -> RunAction {
        guard failure.isTransient else { return .end(.parked(failure, allRefused: false)) }
        return self.wait(failure, at: now, delay: delay)
    }

    /// The next attempt: inside the window, or beyond it if something is at stake.
    private func wait(_ failure: RotationFailure, at now: Timestamp, delay: Duration) -> RunAction {
        var next = now + self.pause(after: failure, delay)
        if self.isAtStake { return .end(.waiting(until: next, failure)) }
        if let freezeEnd = self.conditions.freezeEnd(at: next) { next = freezeEnd }
        guard let window = self.conditions.window, next >= window.end, let following = self.conditions.followingWindow else {
            return .end(.waiting(until: next, failure))
        }
        return .end(.failed(next: following, failure))
    }

    private func pause(after failure: RotationFailure, _ delay: Duration) -> Duration {
        max(delay, failure.retryAfter ?? .zero)
    }

    /// Whether the run may not wait for the next window: the credential would grow too old, or AWSCURRENT may not log in any more.
    private var isAtStake: Bool {
        if self.conditions.isMaxAgeAtStake { return true }
        return self.progress.isTargetTouched && (self.isBasisOutdated || !(self.basis?.currentWorks ?? false))
    }
}

extension RotationFailure {
    /// The same, of a pending value that no other may replace.
    fileprivate var withoutAnotherValue: RotationFailure {
        RotationFailure(
            self.code,
            "\(self.message); no other value may take its place, because the target does not accept the current one",
            hint: "Loosen the policy on the target, then retry the run; or cancel it, correct the password profile in the rules, and "
                + "rotate again.",
            isRetryable: false,
            applied: self.applied
        )
    }

    /// Whether trying again can help. *Unreachable proves nothing* (I4): it never needs a person by itself, whatever the rotator says.
    package var isTransient: Bool {
        switch self.code {
        case .targetUnreachable, .timeout: true
        default: self.isRetryable
        }
    }
}
