import Processes
package import RotationModel
package import SecretModel

/// A script as a rotator: one process per step, JSON both ways (`rotator-protocol.md` §2).
///
/// Values reach the script on stdin only. Nothing that the script writes is logged, stored or thrown before the known values are taken
/// out of it (I8).
package struct ScriptRotator: Rotator {
    package let manifest: RotatorManifest
    let script: ScriptManifest
    private let file: ScriptFile
    private let environment: ScriptEnvironment

    init(file: ScriptFile, manifest: ScriptManifest, environment: ScriptEnvironment) {
        self.file = file
        self.script = manifest
        self.environment = environment
        var steps: Set<RotationStep> = [.createSecret, .setSecret, .testSecret]
        if manifest.verbs.contains(.finishSecret) { steps.insert(.finishSecret) }
        if manifest.verbs.contains(.retire) { steps.insert(.retire) }
        self.manifest = RotatorManifest(
            name: file.name,
            summary: manifest.summary,
            strategy: manifest.strategy,
            steps: steps,
            requiresAdmin: manifest.needs[.setSecret]?.contains(.admin) ?? false,
            timeout: ScriptVerb.allCases.map { manifest.timeout(of: $0) }.max() ?? manifest.defaultTimeout,
            origin: file.path
        )
    }

    package func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue {
        guard self.script.verbs.contains(.createSecret) else { return try self.generateSecret(context) }
        let answer = try await self.perform(.createSecret, context, pending: nil)
        if let text = answer.json["string"]?.stringValue { return SecretValue(string: text) }
        if let bytes = answer.json["binary"]?.stringValue.flatMap(Base64.decode) { return SecretValue(binary: bytes) }
        throw RotationFailure(.protocolError, "createSecret answered without the pending value.", hint: "Correct the rotator.")
    }

    package func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        try await self.perform(.setSecret, context, pending: context.pending).report
    }

    package func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        try await self.perform(.testSecret, context, pending: context.pending).report
    }

    package func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        guard self.script.verbs.contains(.finishSecret) else { return StepReport() }
        return try await self.perform(.finishSecret, context, pending: context.pending).report
    }

    package func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        guard self.script.verbs.contains(.retire) else { return StepReport() }
        return try await self.perform(.retire, context, pending: context.pending).report
    }

    /// The candidate stands in the place of pending, for the verb `probe` as for `testSecret`.
    package func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport {
        let value: SecretValue? =
            switch candidate {
            case .pending: context.pending
            case .current: context.current
            case .previous: context.previous
            }
        guard let value else {
            let failure = RotationFailure(.preconditionFailed, "There is no \(candidate.rawValue) value to probe.")
            return ProbeReport(outcome: .other, isProof: false, failure: failure)
        }
        do throws(RotationFailure) {
            let verb: ScriptVerb = self.script.verbs.contains(.probe) ? .probe : .testSecret
            let report = try await self.perform(verb, context, pending: value).report
            return ProbeReport(outcome: .accepted, account: report.account)
        } catch {
            return ProbeReport(outcome: error.probeOutcome, isProof: error.probeOutcome == .refused, failure: error)
        }
    }

    /// Runs one verb and redacts everything that it said.
    func perform(_ verb: ScriptVerb, _ context: StepContext, pending: SecretValue?) async throws(RotationFailure) -> ScriptAnswer {
        let wallTime = self.script.timeout(of: verb)
        var generator = SystemRandomNumberGenerator()
        let request = ScriptRequest(
            verb: verb,
            context: context,
            needs: self.script.needs(of: verb),
            pending: pending,
            deadline: self.environment.now() + min(wallTime, ContinuousClock.now.duration(to: context.deadline)),
            grease: "x-grease-\(String(UInt32.random(in: .min ... .max, using: &generator), radix: 16))"
        )
        let outcome: ChildProcess.Outcome
        do {
            outcome = try await ScriptProcess(file: self.file, environment: self.environment).run(
                verb,
                request: request.json.bytes,
                run: context.run,
                isDryRun: context.isDryRun,
                wallTime: wallTime,
                deadline: context.deadline
            )
        } catch {
            throw ScriptRotator.failure(error, of: verb, path: self.file.path)
        }
        let redactor = ScriptRedactor(request.values + ScriptAnswer.createdValue(in: outcome.output))
        let log = ScriptLog(outcome.diagnostics, redactor: redactor)
        log.write(to: context.logger, rotator: self.manifest.name.description, verb: verb)
        do throws(RotationFailure) {
            let result = ScriptOutcome(verb: verb, ending: outcome.ending, output: outcome.output, lastLine: log.last)
            return try ScriptAnswer(verb: verb, json: result.answer(), redactor: redactor)
        } catch {
            throw error.redacted(by: redactor)
        }
    }

    private static func failure(_ failure: ChildProcess.Failure, of verb: ScriptVerb, path: String) -> RotationFailure {
        let doubt: RotationFailure.Applied = verb == .setSecret || verb == .retire ? .unknown : .no
        return switch failure {
        case .notStarted(let reason):
            RotationFailure(
                .internalError,
                "\(path) could not be run: \(reason)",
                hint: "Check the file and its interpreter.",
                applied: doubt
            )
        case .cancelled:
            RotationFailure(.internalError, "\(verb.rawValue) was ended because the daemon stops.", applied: doubt)
        }
    }
}

extension RotationFailure {
    fileprivate func redacted(by redactor: ScriptRedactor) -> RotationFailure {
        RotationFailure(
            Code(rawValue: redactor.redact(self.code.rawValue)),
            redactor.redact(self.message),
            hint: self.hint.map(redactor.redact),
            isRetryable: self.isRetryable,
            retryAfter: self.retryAfter,
            applied: self.applied
        )
    }
}
