import KeyManagement
import Logging
package import RotationModel
package import Rotators
package import SecretModel
import Secrets
import Storage

extension RotationRequests {
    /// Whether AWSCURRENT, or another candidate, logs in now. Read-only, one login.
    package func probe(
        _ reference: SecretReference,
        in scope: SecretScope,
        candidate: Candidate = .current
    ) async throws(RotationRequestError) -> ProbeReport {
        let snapshot = try await self.snapshot(reference, in: scope)
        guard let current = snapshot.current else { throw .noValue }
        let found = try await self.rotator(of: snapshot.secret, nil)
        let (rotation, rotator) = (try self.settings(of: snapshot.secret, nil, found), found.rotator)
        let context = try await self.contexts(for: snapshot.secret, rotation, current, admin: rotation.admin)
        let call = await StepDeadline(keeper: nil, time: self.parts.time).call(timeout: rotator.manifest.timeout) {
            await rotator.probe(candidate, context($0))
        }
        guard case .answered(let report) = call else {
            let failure = RotationFailure(.timeout, "no answer within \(rotator.manifest.timeout)")
            return ProbeReport(outcome: .unreachable, failure: failure)
        }
        return report
    }

    /// Whether rotation by the stored settings, or by a request's, would work; nothing is changed.
    ///
    /// What is wrong with secret, rules or ownership is a finding, not an error: a person wants all of them at once.
    ///
    /// - Throws: only if the secret cannot be found or read, or its admin secret is not for the caller.
    package func preflight(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate? = nil,
        mayUse check: @escaping AdminCheck
    ) async throws(RotationRequestError) -> [PreflightFinding] {
        let snapshot = try await self.snapshot(reference, in: scope)
        guard let current = snapshot.current else {
            return [PreflightFinding(.failed, check: "value", "the secret has no value to rotate", hint: "Put a value first.")]
        }
        let (rotation, rotator): (RotationRecord, any Rotator)
        do {
            let found = try await self.rotator(of: snapshot.secret, request)
            (rotation, rotator) = (try self.settings(of: snapshot.secret, request, found), found.rotator)
        } catch {
            return [try RotationRequests.finding(error)]
        }
        var findings = try await self.scheduleFindings(snapshot, rotation)
        var admin: SecretARN?
        do {
            let identity = try self.identity(of: current, rotation, rotator)
            admin = try await self.read { [rotation] store in
                var bound = rotation
                bound.bind(to: identity)
                return try self.admin(of: snapshot.secret, bound, current, request?.admin, rotator.manifest, mayUse: check, in: store)
            }
            findings.append(try await self.ownership(of: snapshot.secret, rotation, identity))
        } catch {
            findings.append(try RotationRequests.finding(error))
        }
        let context = try await self.contexts(for: snapshot.secret, rotation, current, admin: admin)
        let call = await StepDeadline(keeper: nil, time: self.parts.time).call(timeout: rotator.manifest.timeout) {
            await rotator.preflight(context($0))
        }
        guard case .answered(let answers) = call else {
            return findings + [PreflightFinding(.failed, check: "target", "no answer within \(rotator.manifest.timeout)")]
        }
        return findings + answers
    }

    private func scheduleFindings(
        _ snapshot: RotationSnapshot,
        _ rotation: RotationRecord
    ) async throws(RotationRequestError) -> [PreflightFinding] {
        guard let rules = rotation.rules else {
            return [PreflightFinding(.passed, check: "schedule", "no rules: rotates only when asked")]
        }
        let now = self.parts.time.now()
        do throws(InvalidRules) {
            let base = rotation.lastRotatedAt ?? snapshot.currentMadeAt ?? now
            let dates = try RotationPlanner(rules: rules).upcoming(3, base: base, now: now, secret: snapshot.secret.arn).map(
                \.dueAt.rfc3339
            )
            guard !dates.isEmpty else {
                return [PreflightFinding(.failed, check: "schedule", "freezes and neighbours leave no time to rotate")]
            }
            return [PreflightFinding(.passed, check: "schedule", "next rotations: \(dates.joined(separator: ", "))")]
        } catch {
            return [PreflightFinding(.failed, check: "schedule", error.description)]
        }
    }

    private func ownership(
        of secret: SecretRecord,
        _ rotation: RotationRecord,
        _ identity: TargetIdentity
    ) async throws(RotationRequestError) -> PreflightFinding {
        var bound = rotation
        bound.bind(to: identity)
        try await self.read { [bound] store in try self.checkOwnership(of: bound, secret.arn, in: store) }
        return PreflightFinding(.passed, check: "account", "no other secret rotates \(identity.account) on \(identity.target)")
    }

    private static func finding(_ error: RotationRequestError) throws(RotationRequestError) -> PreflightFinding {
        switch error {
        case .noRotator: PreflightFinding(.failed, check: "rotator", "no rotator is named")
        case .rotatorNotInvokable(let name):
            PreflightFinding(.failed, check: "rotator", "there is no rotator \(name), or its file may not be trusted")
        case .invalidRules(let message): PreflightFinding(.failed, check: "settings", message)
        case .adminSecretMissing(let name): PreflightFinding(.failed, check: "admin", "the admin secret \(name) does not exist")
        case .adminSecretRequired(let rotator): PreflightFinding(.failed, check: "admin", "the rotator \(rotator) needs an admin secret")
        case .accountOwned(let owner):
            PreflightFinding(
                .failed,
                check: "account",
                "\(owner.map { "the secret \($0)" } ?? "another secret") rotates this account already",
                hint: "Two secrets that rotate one account lock each other out: cancel the rotation of one of them."
            )
        case .key(let error): PreflightFinding(.failed, check: "key", error.description)
        case .noSuchSecret, .markedForDeletion, .replicaIsReadOnly, .previousRotationIncomplete, .noValue, .tokenInUse, .neverConfigured,
            .nothingToRetry, .refused, .store, .encryption:
            throw error
        }
    }

    private func contexts(
        for secret: SecretRecord,
        _ rotation: RotationRecord,
        _ current: SecretValue,
        admin: SecretARN?
    ) async throws(RotationRequestError) -> @Sendable (ContinuousClock.Instant) -> StepContext {
        let adminValue = try await self.read { store in
            try admin.flatMap { try self.parts.versions.value(at: .current, of: $0, in: store) }
        }
        let previous = try await self.read { try self.parts.versions.value(at: .previous, of: secret.arn, in: $0) }
        let run = secret.labels.holder(of: .current) ?? self.parts.randomness.versionID()
        let settings = rotation.rotatorSettings
        let logger = self.parts.logger
        return { deadline in
            StepContext(
                secret: secret.arn,
                run: run,
                isDryRun: true,
                current: current,
                previous: previous,
                admin: adminValue,
                settings: settings,
                deadline: deadline,
                logger: logger
            )
        }
    }
}
