package import Auditing
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

    /// Decides whether the caller may have the admin secret used that a request names, or that was found so; `nil` if there is none.
    ///
    /// - Throws: `SecretServiceError`, thrown on as `refused`.
    package typealias AdminCheck = @Sendable (SecretReference, SecretHead?, any ReadableStore) throws -> Void

    let parts: EngineParts
    private let scheduler: RotationScheduler?

    /// - Parameter scheduler: Woken by what these requests make due; `nil` in a process that performs no runs.
    package init(parts: EngineParts, scheduler: RotationScheduler?) {
        self.parts = parts
        self.scheduler = scheduler
    }

    /// How often a request is checked anew because the secret changed meanwhile.
    private static let rounds = 5

    /// Sets rules and starts a run (or, not immediate, the test of the rules). Returns before any step ran.
    ///
    /// A repeated request (same token) starts nothing and gets the same answer.
    package func rotate(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        mayUse check: @escaping AdminCheck,
        by origin: RequestOrigin
    ) async throws(RotationRequestError) -> SecretRecord {
        var round = 0
        while true {
            round += 1
            let secret = try await self.snapshot(reference, in: scope).secret
            let found = try await self.rotator(of: secret, request)
            do {
                let started = try await self.committed(for: origin) { now, store in
                    let change = try self.check(reference, in: scope, request, found, mayUse: check, startsRun: true, at: now, in: store)
                    return try self.start(change, request, by: origin, at: now, in: store)
                }
                self.poke()
                return started
            } catch .store(.revisionConflict) where round < Self.rounds {
                continue
            }
        }
    }

    private func start(
        _ change: RotationChange,
        _ request: Rotate,
        by origin: RequestOrigin,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> SecretRecord {
        if change.isRepeated { return change.secret }
        let secret = try self.save(change, at: now, in: store)
        _ = try RunStarter(parts: self.parts).start(
            request.token,
            of: secret,
            trigger: request.isImmediate ? request.trigger : .test,
            strategy: change.manifest.strategy,
            at: now,
            in: store
        )
        try self.parts.audit("RotateSecret", of: secret, token: request.token, by: origin, in: store)
        return try self.stored(secret.arn, in: store)
    }

    /// The rotator that a request names, to be found before the transaction of `configure` begins.
    package func rotator(for request: Rotate) async throws(RotationRequestError) -> FoundRotator {
        guard let lambdaARN = request.lambdaARN else { throw .noRotator }
        return try await self.rotator(lambdaARN)
    }

    /// Changes the rules without starting anything (I5), in the caller's transaction: a rules file is applied as a whole or not at all (I12).
    ///
    /// - Throws: `RotationRequestError`, `StoreError`.
    package func configure(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        _ found: FoundRotator,
        mayUse check: @escaping AdminCheck,
        ruleset: String?,
        by origin: RequestOrigin,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> SecretRecord {
        var change = try self.check(reference, in: scope, request, found, mayUse: check, startsRun: false, at: now, in: store)
        change.rotation.ruleset = ruleset
        let secret = try self.save(change, at: now, in: store)
        try self.parts.audit("ConfigureRotation", of: secret, token: nil, by: origin, in: store)
        return secret
    }

    /// Has the scheduler look for what is due now: after a change of the rules was committed.
    package func poke() { self.scheduler?.poke() }
}
