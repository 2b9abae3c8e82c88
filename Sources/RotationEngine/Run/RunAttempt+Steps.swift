import Encryption
import KeyManagement
import Logging
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

extension RunAttempt {
    /// The most that a rotator may hand from one step to the next (`rotator-protocol.md` §2.3).
    private static let stateLimit = 16 * 1024

    mutating func act(on action: RunAction, _ rotator: any Rotator) async throws(WorkerStop) -> RunOutcome {
        switch action {
        case .probe: RunOutcome(.recovered(try await self.recover(rotator)))
        case .regenerate: try await self.create(rotator, replacing: true)
        case .perform(.createSecret): try await self.create(rotator, replacing: false)
        case .perform(.retire): try await self.retire(rotator)
        case .perform(let step): try await self.perform(step, rotator)
        case .promote, .end: RunOutcome(.promoted)
        }
    }

    /// The pending value. One that is there already is kept: a run has one value (I3).
    private mutating func create(_ rotator: any Rotator, replacing: Bool) async throws(WorkerStop) -> RunOutcome {
        let values = try await self.values(replacingPending: replacing)
        if !replacing, values.pending != nil { return RunOutcome(.succeeded(.createSecret)) }
        let start = self.parts.time.now()
        let made = try await self.call(rotator, values, asksTarget: false) { context in
            do throws(RotationFailure) { return .success(try await rotator.createSecret(context)) } catch { return .failure(error) }
        }
        switch made {
        case .success(let value):
            self.lastValues?.pending = value
            self.note("createSecret", from: start, failure: nil, message: replacing ? "a new value, for the target's policy" : nil)
            return RunOutcome(replacing ? .regenerated : .succeeded(.createSecret), value: value)
        case .failure(let failure):
            self.note("createSecret", from: start, failure: failure)
            // Without a new value the rejected one stays pending: the attempt ends as any other.
            return RunOutcome(.failed(.createSecret, failure))
        }
    }

    private mutating func perform(_ step: RotationStep, _ rotator: any Rotator) async throws(WorkerStop) -> RunOutcome {
        let values = try await self.values()
        let start = self.parts.time.now()
        if step == .setSecret { self.touchedAt = self.parts.time.instant() }
        let result = try await self.call(rotator, values) { context in
            do throws(RotationFailure) {
                switch step {
                case .setSecret: return .success(try await rotator.setSecret(context))
                case .testSecret: return .success(try await rotator.testSecret(context))
                case .finishSecret: return .success(try await rotator.finishSecret(context))
                case .retire: return .success(try await rotator.retire(context))
                case .createSecret: return .success(StepReport())
                }
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let report):
            try self.keep(report, of: step)
            if step == .setSecret, report.hasDrift { self.noteDrift() }
            self.note(step.rawValue, from: start, failure: nil, message: report.summary)
            return RunOutcome(.succeeded(step))
        case .failure(let failure):
            self.note(step.rawValue, from: start, failure: failure)
            return RunOutcome(.failed(step, failure))
        }
    }

    /// Ends the old credential, unless labels have moved since, or another secret rotates the account by now: then it may be the live one,
    /// and another run's to end. Asked before any value is read, which a lost key would prevent.
    private mutating func retire(_ rotator: any Rotator) async throws(WorkerStop) -> RunOutcome {
        let run = self.run
        let reason: String?
        do {
            reason = try await self.parts.store.read { store in
                let labels = try store.head(of: run.id.secret).labels
                guard labels.holder(of: .current) == run.id.token, run.replaced != nil, labels.holder(of: .previous) == run.replaced
                else { return "AWSCURRENT or AWSPREVIOUS has moved since" }
                let owner = try run.boundAccount.flatMap { try store.owner(ofAccount: $0, onTarget: run.target) }
                return owner == nil || owner == run.id.secret ? nil : "another secret rotates the account now"
            }
        } catch {
            throw .store(error)
        }
        guard let reason else { return try await self.perform(.retire, rotator) }
        self.note("retire", from: self.parts.time.now(), failure: nil, message: "left out: \(reason)")
        return RunOutcome(.succeeded(.retire))
    }

    /// A rotator that is asked without doubt finds by itself that AWSCURRENT is refused. A value of an abandoned run stands in the place of
    /// previous: that it logs in is our own doing.
    private mutating func noteDrift() {
        if case .earlier? = self.machine.basis { return }
        self.machine.noteDrift()
    }

    private mutating func keep(_ report: StepReport, of step: RotationStep) throws(WorkerStop) {
        if step == .testSecret { self.run.account = report.account }
        guard let state = report.state else { return }
        guard state.bytes.count <= RunAttempt.stateLimit else {
            self.logger.warning("the rotator's state is larger than 16 KiB and is not kept")
            return
        }
        do {
            let value = SecretValue(string: state.text)
            self.run.rotatorState = try self.parts.keyring.seal(value, for: .runState(self.run.id.secret, self.run.id.token))
            self.lastValues?.state = state
        } catch {
            throw .store(error)
        }
    }

    /// Where there is no pending value yet, or it is to be replaced, one has to be made: then the secret's key must be fit to encrypt it,
    /// which is learnt here, before the target is touched (I2).
    mutating func values(replacingPending: Bool = false) async throws(WorkerStop) -> RunValues {
        if let values = self.lastValues, !replacingPending { return values }
        let values = try await self.storedValues(replacingPending: replacingPending)
        self.lastValues = values
        return values
    }

    private func storedValues(replacingPending: Bool) async throws(WorkerStop) -> RunValues {
        do {
            let (run, surroundings, parts) = (self.run, self.surroundings, self.parts)
            return try await parts.store.read { store in
                let values = try RunValues(of: run, surroundings, parts: parts, in: store)
                if replacingPending || values.pending == nil {
                    try parts.versions.checkKey(of: try store.head(of: run.id.secret), in: store)
                }
                return values
            }
        } catch let error as KeyUseError {
            throw .unreadable(RotationFailure(error))
        } catch let error as EncryptionError {
            let hint = "Start the daemon with the keys that sealed the value, then retry the run."
            throw .unreadable(
                RotationFailure(.internalError, "a stored value cannot be decrypted: \(error)", hint: hint, isRetryable: false)
            )
        } catch {
            throw .store(error)
        }
    }

    /// Calls the rotator under deadline and lease, and tells the target's breaker how it went.
    ///
    /// - Parameter asksTarget: Whether the outcome says anything about the target: making a value does not, and must not close the breaker.
    func call<Answer: Sendable>(
        _ rotator: any Rotator,
        _ values: RunValues,
        previous: SecretValue? = nil,
        asksTarget: Bool = true,
        _ body: @escaping @Sendable (StepContext) async -> Result<Answer, RotationFailure>
    ) async throws(WorkerStop) -> Result<Answer, RotationFailure> {
        let (timeout, start) = (rotator.manifest.timeout, self.parts.time.instant())
        do {
            try await self.keeper.renewIfWorn(for: timeout)
        } catch {
            guard self.keeper.isHeld else { throw .leaseLost }
            throw .store(error)
        }
        let make = self.contexts(values, previous: previous)
        let deadline = StepDeadline(keeper: self.keeper, time: self.parts.time)
        let result: Result<Answer, RotationFailure>
        switch await deadline.call(timeout: timeout, { await body(make($0)) }) {
        case .leaseLost:
            self.keeper.noteDoubt(until: start + timeout)
            throw .leaseLost
        case .answered(let answer): result = answer
        // A call that was cut off and says it succeeded has succeeded; what else it says is not to be trusted.
        case .timedOut(.success(let answer)): result = .success(answer)
        case .timedOut(.failure): result = .failure(RotationFailure(.timeout, "no answer within \(timeout)", applied: .unknown))
        }
        if result.failure?.applied == .unknown { self.keeper.noteDoubt(until: start + timeout) }
        if asksTarget { self.worker.breakers.note(result.failure, of: self.run.target, at: self.parts.time.now()) }
        return result
    }

    var settings: RotatorSettings {
        self.surroundings.secret.rotation?.rotatorSettings ?? RotatorSettings(password: .default, options: [:])
    }

    private func contexts(_ values: RunValues, previous: SecretValue?) -> @Sendable (ContinuousClock.Instant) -> StepContext {
        let (run, attempt, logger) = (self.run, self.machine.progress.attempt, self.logger)
        // What an abandoned run left on the target logs in in the place of previous (W1).
        var stale: SecretValue?
        if case .earlier(let version)? = self.machine.basis { stale = values.earlier[version] }
        let old = previous ?? stale ?? values.previous
        let settings = self.settings
        return { deadline in
            StepContext(
                secret: run.id.secret,
                run: run.id.token,
                attempt: attempt,
                trigger: run.trigger,
                current: values.current,
                pending: values.pending,
                previous: old,
                admin: values.admin,
                settings: settings,
                state: values.state,
                deadline: deadline,
                logger: logger
            )
        }
    }
}

extension StepReport {
    /// Message and warnings in one line for the history; `nil` if there is nothing to say.
    var summary: String? {
        let parts = [self.message].compactMap { $0 } + self.warnings.map { "warning: \($0)" }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}

extension RotationFailure {
    /// A key that is disabled for a while comes back without a word to us.
    init(_ error: KeyUseError) {
        let hint =
            error.cause.isPassing
            ? "Enable the key, cancel its deletion or have its policy let the secret's account use it, or give the secret another key. "
                + "The run is tried again by itself."
            : "Give the secret another key; then retry the run."
        self.init(.preconditionFailed, "\(error)", hint: hint, isRetryable: error.cause.isPassing)
    }
}

extension KeyServiceError {
    /// Whether it can end without any change of the secret.
    var isPassing: Bool {
        switch self {
        case .disabled, .pendingDeletion, .notForAccount: true
        default: false
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
