import Logging
import RotationModel
import Rotators
import SecretModel
import Storage

/// One attempt of a run: performs what `RunMachine` decides, and commits each outcome under the lease before the next action begins;
/// only testSecret, which changes nothing, begins earlier.
struct RunAttempt {
    var run: RunRecord
    let surroundings: RunSurroundings
    let rotator: (any Rotator)?
    let keeper: LeaseKeeper
    let worker: RunWorker
    let logger: Logger

    var machine: RunMachine
    /// The history since the last commit.
    var steps: [StepRecord] = []
    var sequence: Int64
    /// The values of the last step, as long as they hold.
    var lastValues: RunValues?
    /// When setSecret was begun in this process: AWSCURRENT may be wrong from then on.
    var touchedAt: ContinuousClock.Instant?

    var parts: EngineParts { self.worker.parts }

    init(
        run: RunRecord,
        surroundings: RunSurroundings,
        rotator: (any Rotator)?,
        keeper: LeaseKeeper,
        worker: RunWorker,
        logger: Logger
    ) {
        self.run = run
        self.surroundings = surroundings
        self.rotator = rotator
        self.keeper = keeper
        self.worker = worker
        self.logger = logger
        self.sequence = surroundings.lastSequence
        let progress = RunMachine.Progress(
            step: run.step,
            attempt: run.attempt + 1,
            isTargetTouched: run.isTargetTouched,
            regenerations: run.regenerations,
            hasDrift: run.hasDrift
        )
        let steps = rotator?.manifest.steps ?? []
        let conditions = surroundings.conditions(
            for: run,
            hasFinishStep: steps.contains(.finishSecret),
            canRetire: steps.contains(.retire)
        )
        self.machine = RunMachine(progress, under: conditions, limits: worker.settings.runs)
    }

    mutating func perform() async throws(WorkerStop) {
        guard let rotator = self.rotator else {
            try await self.commit(next: self.stopped(by: self.missingRotator))
            return
        }
        do throws(WorkerStop) {
            try await self.work(with: rotator)
        } catch .unreadable(let failure) {
            try await self.commit(next: self.stopped(by: failure))
        }
    }

    private mutating func work(with rotator: any Rotator) async throws(WorkerStop) {
        if let failure = try await self.misbinding(rotator) {
            try await self.commit(next: self.stopped(by: failure))
            return
        }
        var action = self.machine.begin()
        // Making the value of a fresh run touches nothing: its first commit is that of the value.
        if action != .perform(.createSecret) || self.run.state != .preparing { try await self.commit(next: action) }
        while true {
            if case .end = action { return }
            if self.worker.isStopping(), self.mayPause(before: action) {
                try await self.putBack()
                return
            }
            var outcome = try await self.act(on: action, rotator)
            action = self.decide(outcome.event)
            if outcome.event == .succeeded(.setSecret), action == .perform(.testSecret) {
                outcome = try await self.test(with: rotator, whileWriting: outcome)
                action = self.decide(outcome.event)
            }
            if action == .promote {
                // The outcome of testSecret and the promotion are one commit: in the same breath (`rotation-contract.md` W19).
                outcome.isPromotion = true
                action = self.decide(.promoted)
            }
            try await self.commit(outcome, next: action)
            self.logger.debug("committed", metadata: ["state": "\(self.run.state.rawValue)", "step": "\(self.run.step.rawValue)"])
        }
    }

    /// testSecret only logs in, so it begins while setSecret's outcome is on its way to disk: AWSCURRENT is wrong until the promotion.
    /// Nothing follows before both have ended. A process that dies between the two finds the target touched, and probes (I4).
    private mutating func test(
        with rotator: any Rotator,
        whileWriting outcome: RunOutcome
    ) async throws(WorkerStop) -> RunOutcome {
        let commit = try self.prepare(outcome, ending: nil)
        async let written = Self.write(commit, under: self.keeper.lease, self.parts)
        let tested = try await self.act(on: .perform(.testSecret), rotator)
        self.drop(valuesUnlike: try await written.get().labels)
        return tested
    }

    private mutating func decide(_ event: RunEvent) -> RunAction {
        self.machine.handle(event, at: self.parts.time.now(), delay: self.delay)
    }

    /// Between setSecret and the promotion AWSCURRENT may be wrong: a shutdown waits for that.
    private func mayPause(before action: RunAction) -> Bool {
        switch action {
        case .perform(.testSecret), .promote: false
        case .perform, .probe, .regenerate, .end: true
        }
    }

    /// Gives the run back for the next start, which takes it up at once.
    private mutating func putBack() async throws(WorkerStop) {
        self.run.nextAttemptAt = self.parts.time.now()
        self.run.lease = nil
        try await self.commit(next: nil)
        self.logger.info("put back for the next start")
    }

    private var missingRotator: RotationFailure {
        RotationFailure(
            .configInvalid,
            "there is no rotator \(self.run.rotator), or its file may not be trusted",
            hint: "List the rotators that this daemon has, put the file in place with safe owner and mode, then retry the run."
        )
    }

    private mutating func stopped(by failure: RotationFailure) -> RunAction {
        self.machine.stop(because: failure, at: self.parts.time.now(), delay: self.delay)
    }

    /// How long a failure of this attempt waits for the next one.
    private var delay: Duration { RetrySchedule.delay(afterFailures: self.machine.progress.attempt, of: self.run.id.token) }
}
