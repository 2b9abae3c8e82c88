import Logging
import RotationModel
import SecretModel
import Storage

/// What came of an action.
struct RunOutcome: Sendable {
    var event: RunEvent
    /// The value that createSecret made.
    var value: SecretValue?
    var isPromotion = false

    init(_ event: RunEvent, value: SecretValue? = nil) {
        self.event = event
        self.value = value
    }
}

extension RunAttempt {
    mutating func commit(_ outcome: RunOutcome? = nil, next: RunAction?) async throws(WorkerStop) {
        var ending: RunEnding?
        if case .end(let end)? = next { ending = end }
        if next == .perform(.setSecret) { self.forgetProbes() }
        try await self.commit(outcome, ending: ending)
    }

    /// Commits progress, history and outcome in one transaction under the lease.
    mutating func commit(_ outcome: RunOutcome? = nil, ending: RunEnding?) async throws(WorkerStop) {
        let commit = try self.prepare(outcome, ending: ending)
        let written = try await Self.write(commit, under: self.keeper.lease, self.parts).get()
        self.run = written.run
        self.drop(valuesUnlike: written.labels)
        self.tell(commit)
    }

    /// What setSecret changes is no longer as the target said.
    private mutating func forgetProbes() {
        self.run.candidates[.pending] = nil
        if self.run.strategy == .singleUser { self.run.candidates[.current] = nil }
    }

    /// The next step reads anew what the labels stand on if they have moved.
    mutating func drop(valuesUnlike labels: VersionLabels) {
        guard let values = self.lastValues, !values.hold(for: labels) else { return }
        self.lastValues = nil
    }

    /// What the next transaction is to write.
    ///
    /// - Throws: `WorkerStop.leaseLost`.
    mutating func prepare(_ outcome: RunOutcome?, ending: RunEnding?) throws(WorkerStop) -> RunCommit {
        guard self.keeper.isHeld else { throw .leaseLost }
        let hadDrift = self.run.hasDrift
        self.take(self.machine.progress)
        if outcome?.isPromotion == true, let touchedAt = self.touchedAt {
            // With two live credentials AWSCURRENT logs in at every moment.
            let gap = (self.parts.time.instant() - touchedAt).wholeMicroseconds
            self.run.loginGap = self.run.strategy == .singleUser ? gap : 0
        }
        defer { self.steps = [] }
        return RunCommit(
            run: self.run,
            steps: self.steps,
            fill: outcome?.value,
            isReplacement: outcome?.event == .regenerated,
            isPromotion: outcome?.isPromotion ?? false,
            raisesDrift: self.run.hasDrift && !hadDrift && !self.surroundings.isFirstRotation,
            ending: ending,
            doubt: self.keeper.doubt(at: self.parts.time.now())
        )
    }

    static func write(_ commit: RunCommit, under lease: Lease, _ parts: EngineParts) async -> Result<RunCommitter.Written, WorkerStop> {
        let now = parts.time.now()
        do {
            return .success(try await parts.store.write { try RunCommitter(parts: parts).apply(commit, under: lease, at: now, in: $0) })
        } catch StoreError.leaseLost {
            return .failure(.leaseLost)
        } catch is RunSuperseded {
            return .failure(.superseded)
        } catch {
            return .failure(.store(error))
        }
    }

    /// One line for each success and each state that a person may have to look at; the retries between are for debugging.
    private func tell(_ commit: RunCommit) {
        if commit.isPromotion {
            self.logger.info("rotated", metadata: ["rotator": "\(self.run.rotator)", "attempt": "\(self.run.attempt)"])
        }
        guard commit.ending != nil, let failure = self.run.failure else { return }
        let isNews = self.run.attempt <= 1 || self.run.state != .waiting
        self.logger.log(
            level: isNews ? .warning : .debug,
            "rotation failed: \(failure.message)",
            metadata: [
                "state": "\(self.run.state.rawValue)", "step": "\(self.run.failedStep?.rawValue ?? "-")",
                "error_code": "\(failure.code.rawValue)", "attempt": "\(self.run.attempt)",
            ]
        )
    }

    private mutating func take(_ progress: RunMachine.Progress) {
        self.run.step = progress.step
        self.run.attempt = progress.attempt
        self.run.isTargetTouched = progress.isTargetTouched
        self.run.regenerations = progress.regenerations
        self.run.hasDrift = progress.hasDrift
        self.run.state =
            switch progress.step {
            case .createSecret: .preparing
            case .setSecret: .setting
            case .testSecret: .testing
            case .finishSecret: .promoting
            case .retire: .retiring
            }
    }

    mutating func note(_ name: String, from start: Timestamp, failure: RotationFailure?, message: String? = nil) {
        self.sequence += 1
        self.steps.append(
            StepRecord(
                run: self.run.id,
                sequence: self.sequence,
                name: name,
                attempt: self.machine.progress.attempt,
                startedAt: start,
                finishedAt: self.parts.time.now(),
                failure: failure,
                message: message
            )
        )
    }
}
