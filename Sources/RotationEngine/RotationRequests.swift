package import RotationModel
import Rotators
package import SecretModel
package import Storage

/// What callers ask of rotation: RotateSecret, CancelRotateSecret, and Keyturn's own retry, probe and dry run.
/// A refused request changes nothing (I12). None of them waits for a target, except `probe` and `preflight`, which only read.
package struct RotationRequests: Sendable {
    /// Members that are `nil` keep the stored values (`aws-api.md` §6.16).
    package struct Rotate: Sendable {
        package var token: VersionID
        package var lambdaARN: String?
        package var rules: RotationRules?
        /// Keyturn's own settings, from rules files.
        package var settings: RotatorSettingsData?
        package var admin: SecretReference?
        package var isImmediate: Bool
        package var trigger: RotationTrigger

        package init(token: VersionID, isImmediate: Bool = true, trigger: RotationTrigger = .manual) {
            self.token = token
            self.isImmediate = isImmediate
            self.trigger = trigger
        }
    }

    let parts: EngineParts
    private let scheduler: RotationScheduler?

    /// - Parameter scheduler: Woken by what these requests make due; `nil` in a process that performs no runs.
    package init(parts: EngineParts, scheduler: RotationScheduler?) {
        self.parts = parts
        self.scheduler = scheduler
    }

    /// Sets rules and starts a run (or, not immediate, the test of the rules). Returns before any step ran.
    ///
    /// A repeated request (same token) starts nothing and gets the same answer.
    package func rotate(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        by caller: AuditActor
    ) async throws(RotationRequestError) -> SecretRecord {
        let secret = try await self.change(reference, in: scope, request, startsRun: true) { change, now, store in
            if change.isRepeated { return change.secret }
            let starter = RunStarter(parts: self.parts)
            let trigger: RotationTrigger = request.isImmediate ? request.trigger : .test
            let secret = try self.save(change, at: now, in: store)
            _ = try starter.start(
                request.token,
                of: secret,
                trigger: trigger,
                strategy: change.manifest.strategy,
                at: now,
                in: store
            )
            try self.parts.audit("RotateSecret", of: secret, token: request.token, by: caller, at: now, in: store)
            return try self.stored(secret.arn, in: store)
        }
        self.scheduler?.poke()
        return secret
    }

    /// Changes the rules without starting anything (I5): what `apply` uses.
    package func configure(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        ruleset: String?,
        by caller: AuditActor
    ) async throws(RotationRequestError) -> SecretRecord {
        let secret = try await self.change(reference, in: scope, request, startsRun: false) { change, now, store in
            var change = change
            change.rotation.ruleset = ruleset
            let secret = try self.save(change, at: now, in: store)
            try self.parts.audit("ConfigureRotation", of: secret, token: nil, by: caller, at: now, in: store)
            return secret
        }
        self.scheduler?.poke()
        return secret
    }

    func poke() { self.scheduler?.poke() }
}
