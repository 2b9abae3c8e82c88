import Encryption
import NIOConcurrencyHelpers
import RotationEngine
import RotationModel
import SecretModel
import Secrets
import Storage
import Testing

@Suite(.timeLimit(.minutes(10))) struct RotationRunTests {
    @Test func rotatesAndTells() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        let before = try await house.rotate(arn)
        #expect(before.labels.holder(of: .pending) == EngineHouse.token())
        #expect(house.rotator.calls.withLockedValue { $0 }.isEmpty, "the answer comes before any step")
        await house.engine().workOnce()

        let secret = try await house.secret(arn)
        #expect(secret.labels.holder(of: .current) == EngineHouse.token())
        #expect(secret.labels.holder(of: .pending) == nil)
        #expect(secret.rotation?.lastRotatedAt == house.time.now)
        #expect(secret.rotation?.nextWindow?.start.rfc3339 == "2026-12-21T00:00:00Z")
        #expect(try await house.password(.current, of: arn) == "made-1")
        #expect(try await house.password(.previous, of: arn) == "first")
        #expect(house.target.accepts("made-1"))
        let run = try await house.run(arn)
        #expect(run.state == .succeeded)
        #expect(run.account == "app@%")
        #expect(run.loginGap == 0, "the virtual clock stood still")
        #expect(try await house.events(arn) == ["RotationStarted", "RotateSecret", "RotationSucceeded"])
    }

    @Test func aReplicaHasTheNewValueWhenItsPrimaryHas() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        let (region, origin) = (try #require(RegionName("us-east-1")), EngineHouse.origin(at: house.time.now))
        let secrets = SecretService(store: house.store, keyring: house.keyring)
        _ = try await secrets.replicate(.arn(arn), to: [ReplicaRequest(region: region, kmsKeyID: nil)], overwrites: false, origin)
        try await house.rotate(arn)
        await house.engine().workOnce()
        let replica = arn.inRegion(region)
        #expect(try await house.password(.current, of: replica) == "made-1")
        #expect(try await house.password(.previous, of: replica) == "first")
        #expect(try await house.secret(replica).labels == house.secret(arn).labels)
        #expect(try await house.secret(replica).rotation == nil)
    }

    @Test("I3 a retry brings the same value; each failure is told in the same breath (I9), success ends the alert")
    func retriesWithTheSameValue() async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.faults = [.unreachable] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        var run = try await house.run(arn)
        #expect(run.state == .waiting)
        #expect(run.failedStep == .setSecret)
        #expect(run.failure?.code == .targetUnreachable)
        let delay = try #require(run.nextAttemptAt) - house.time.now
        #expect(delay >= .seconds(54) && delay <= .seconds(66))
        #expect(try await house.firing(arn) == ["SecretRotationFailed"])
        #expect(try await house.secret(arn).rotation?.consecutiveFailures == 1)

        await engine.workOnce()
        #expect(try await house.run(arn).attempt == 1, "not before its time")
        house.time.advance(.seconds(70))
        await engine.workOnce()
        run = try await house.run(arn)
        #expect(run.state == .succeeded)
        #expect(try await house.password(.current, of: arn) == "made-1")
        #expect(try await house.firing(arn).isEmpty)
        #expect(try await house.secret(arn).rotation?.consecutiveFailures == 0)
    }

    @Test("an error that retrying cannot mend parks the run; the alert knows that the current value works")
    func parks() async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.faults = [.denied] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        let run = try await house.run(arn)
        #expect(run.state == .parked)
        #expect(run.candidates[.pending]?.outcome == .refused)
        #expect(run.candidates[.current]?.outcome == .accepted)
        #expect(try await house.firing(arn) == ["SecretRotationFailing"])
        house.time.advance(.days(3))
        await engine.workOnce()
        #expect(try await house.run(arn).state == .parked, "a parked run waits for a person")

        _ = try await house.requests.retry(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        await engine.workOnce()
        #expect(try await house.run(arn).state == .succeeded)
        #expect(try await house.password(.current, of: arn) == "made-1", "the same value")
    }

    @Test("I4 all refused and no admin: parked, every candidate kept, alert CredentialLockedOut")
    func lockedOut() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret(password: "stale")
        try await house.rotate(arn)
        await house.engine().workOnce()
        #expect(try await house.run(arn).state == .parked)
        #expect(try await house.firing(arn) == ["CredentialLockedOut"])
        #expect(try await house.heldPasswords(arn).sorted() == ["made-1", "stale"])
        #expect(house.target.changes == 0)
    }

    @Test("I4 all refused, an admin secret exists: set as admin, drift is told")
    func setAsAdmin() async throws {
        let house = try await EngineHouse()
        let admin = try await house.makeSecret("admin", password: "root")
        let arn = try await house.makeSecret(password: "stale")
        var request = EngineHouse.request()
        request.admin = .arn(admin)
        house.target.edit { $0.faults = [.lostBefore] }
        try await house.rotate(arn, request)
        try await house.store.write { store in
            var secret = try #require(try store.secret(arn))
            secret.rotation?.lastRotatedAt = secret.createdAt
            try store.update(secret)
        }
        let engine = house.engine()
        await engine.workOnce()
        house.time.advance(.minutes(2))
        await engine.workOnce()
        let run = try await house.run(arn)
        #expect(run.state == .succeeded)
        #expect(run.hasDrift)
        #expect(try await house.alertNames() == ["CredentialDrift", "SecretRotationFailed"])
        #expect(house.target.accepts("made-1"))
    }

    @Test("I4 the first rotation of a value from a template raises no drift; a later one does, also when setSecret finds it without doubt")
    func drift() async throws {
        let house = try await EngineHouse()
        let admin = try await house.makeSecret("admin", password: "root")
        let arn = try await house.makeSecret(password: "never set on the target")
        var request = EngineHouse.request()
        request.admin = .arn(admin)
        try await house.rotate(arn, request)
        let engine = house.engine()
        await engine.workOnce()
        #expect(try await house.run(arn).state == .succeeded)
        #expect(try await house.alertNames().isEmpty)

        house.target.edit { $0.passwords = ["set by hand"] }
        try await house.rotate(arn, EngineHouse.request(EngineHouse.token(2)))
        await engine.workOnce()
        #expect(try await house.run(arn, EngineHouse.token(2)).state == .succeeded)
        #expect(try await house.run(arn, EngineHouse.token(2)).hasDrift)
        #expect(try await house.alertNames() == ["CredentialDrift"])
        #expect(try await house.firing(arn).isEmpty, "the same run has mended it")
    }

    @Test("I4 the first rotation raises no drift when it is found after doubt either")
    func firstRotationAfterDoubt() async throws {
        let house = try await EngineHouse()
        let admin = try await house.makeSecret("admin", password: "root")
        let arn = try await house.makeSecret(password: "never set on the target")
        var request = EngineHouse.request()
        request.admin = .arn(admin)
        house.target.edit { $0.faults = [.lostBefore] }
        try await house.rotate(arn, request)
        try await house.settle(house.engine(), arn)
        #expect(try await house.run(arn).state == .succeeded)
        #expect(try await house.alertNames() == ["SecretRotationFailed"])
    }

    @Test("I3 refused for policy: a new value once, and only because current still logs in")
    func policy() async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.weak = ["made-1"] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        await house.engine().workOnce()
        let run = try await house.run(arn)
        #expect(run.state == .succeeded)
        #expect(run.regenerations == 1)
        #expect(try await house.password(.current, of: arn) == "made-2")
        #expect(house.target.accepts("made-2"))
    }

    @Test func policyTwiceNeedsAPerson() async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.weak = ["made-1", "made-2"] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        await house.engine().workOnce()
        let run = try await house.run(arn)
        #expect(run.state == .parked)
        #expect(run.failure?.code == .policyRejected)
        #expect(house.target.accepts("first"))
        #expect(house.rotator.made.withLockedValue { $0 } == 2)
    }

    @Test("I3 nothing logs in, and the policy refuses the value that the admin secret would set: a person is told, every candidate kept")
    func policyAgainstTheAdmin() async throws {
        let house = try await EngineHouse()
        let admin = try await house.makeSecret("admin", password: "root")
        let arn = try await house.makeSecret(password: "stale")
        var request = EngineHouse.request()
        request.admin = .arn(admin)
        house.target.edit { $0.weak = ["made-1"] }
        try await house.rotate(arn, request)
        let engine = house.engine()
        await engine.workOnce()
        let run = try await house.run(arn)
        #expect(run.state == .parked)
        #expect(run.failure?.code == .policyRejected)
        #expect(try await house.firing(arn) == ["CredentialLockedOut"])
        #expect(try await house.heldPasswords(arn).sorted() == ["made-1", "stale"])
        #expect(house.rotator.made.withLockedValue { $0 } == 1)
        house.time.advance(.days(1))
        await engine.workOnce()
        #expect(try await house.run(arn).attempt == run.attempt, "it does not try again by itself")
        house.target.edit { $0.weak = [] }
        _ = try await house.requests.retry(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        await engine.workOnce()
        #expect(try await house.run(arn).state == .succeeded)
        #expect(try await house.password(.current, of: arn) == "made-1")
    }

    @Test("unreachable proves nothing: no parking, no new value, however long it lasts")
    func longOutage() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        house.target.edit { $0.faults = [.lostAfter] }
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        house.target.edit { $0.isDown = true }
        for _ in 0..<30 {
            house.time.advance(.hours(2))
            await engine.workOnce()
        }
        #expect(try await house.run(arn).state == .waiting)
        house.target.edit { $0.isDown = false }
        house.time.advance(.hours(2))
        await engine.workOnce()
        #expect(try await house.run(arn).state == .succeeded)
        #expect(house.rotator.made.withLockedValue { $0 } == 1)
        #expect(house.target.changes == 1)
    }

    @Test("W1 a newer value abandons the run; its own value stays a candidate of the next one")
    func abandonment() async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.faults = [.lostAfter] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        #expect(house.target.accepts("made-1"))

        // Somebody puts a value by hand while the run waits; the target knows nothing of it.
        let (manual, keyring, now) = (EngineHouse.token(77), house.keyring, house.time.now)
        try await house.store.write { store in
            var secret = try #require(try store.secret(arn))
            let value = ScriptedRotator.value(host: "db", password: "by hand")
            let sealed = try keyring.seal(value, for: .version(arn, manual))
            try store.insert(VersionRecord(secret: arn, id: manual, value: sealed, createdAt: now))
            secret.labels.attach(.current, to: manual)
            secret.labels.remove(.pending)
            try store.update(secret)
        }
        house.time.advance(.minutes(2))
        await engine.workOnce()
        #expect(try await house.run(arn).state == .abandoned)
        #expect(try await house.events(arn).last == "RotationAbandoned")

        try await house.rotate(arn, EngineHouse.request(EngineHouse.token(2)))
        await engine.workOnce()
        #expect(try await house.run(arn, EngineHouse.token(2)).state == .succeeded)
        #expect(house.target.accepts(try await house.password(.current, of: arn)))
    }

    @Test("the old credential is retired after the grace period, not before")
    func retire() async throws {
        let house = try await EngineHouse(strategy: .overlapping, steps: [.createSecret, .setSecret, .testSecret, .retire])
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        #expect(try await house.run(arn).state == .retiring)
        #expect(house.target.accepts("first") && house.target.accepts("made-1"))
        house.time.advance(.hours(23))
        await engine.workOnce()
        #expect(house.target.accepts("first"))
        house.time.advance(.hours(2))
        await engine.workOnce()
        #expect(try await house.run(arn).state == .retired)
        #expect(!house.target.accepts("first"))
        #expect(house.target.accepts("made-1"))
    }

    @Test("I1 a retirement whose labels have moved ends nothing")
    func retireAfterRollback() async throws {
        let house = try await EngineHouse(strategy: .overlapping, steps: [.createSecret, .setSecret, .testSecret, .retire])
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        try await house.store.write { store in
            var secret = try #require(try store.secret(arn))
            secret.labels.attach(.current, to: try #require(secret.labels.holder(of: .previous)))
            try store.update(secret)
        }
        house.time.advance(.hours(25))
        await engine.workOnce()
        #expect(try await house.run(arn).state == .retired)
        #expect(house.target.accepts("first"), "it is AWSCURRENT again")
    }

    @Test("finishSecret runs with the new value current; its failure never rolls back")
    func finishFails() async throws {
        let house = try await EngineHouse(steps: [.createSecret, .setSecret, .testSecret, .finishSecret])
        house.rotator.afterwards.withLockedValue { $0[.finishSecret] = RotationFailure(.internalError, "reload failed") }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        #expect(try await house.secret(arn).labels.holder(of: .current) == EngineHouse.token())
        #expect(try await house.run(arn).state == .waiting)
        try await house.settle(engine, arn)
        let run = try await house.run(arn)
        #expect(run.state == .succeeded)
        #expect(run.failure?.message == "reload failed")
        #expect(house.target.changes == 1)
    }

    @Test(
        "a failure after the promotion is told, and told to be over once the step succeeds",
        arguments: [RotationStep.finishSecret, .retire]
    )
    func afterPromotion(_ step: RotationStep) async throws {
        let house = try await EngineHouse(strategy: .overlapping, steps: [.createSecret, .setSecret, .testSecret, step])
        house.rotator.afterwards.withLockedValue { $0[step] = RotationFailure(.conflict, "busy") }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        house.time.advance(.hours(25))
        await engine.workOnce()
        #expect(try await house.firing(arn) == ["SecretRotationFailed"])
        house.rotator.afterwards.withLockedValue { $0[step] = nil }
        house.time.advance(.hours(2))
        await engine.workOnce()
        #expect(try await house.run(arn).failure == nil)
        #expect(try await house.firing(arn).isEmpty)
    }

    @Test("a retirement that needs a person is taken up again when one asks for it")
    func retryOfRetirement() async throws {
        let house = try await EngineHouse(strategy: .overlapping, steps: [.createSecret, .setSecret, .testSecret, .retire])
        house.rotator.afterwards.withLockedValue { $0[.retire] = RotationFailure(.permissionDenied, "may not change it") }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        await #expect(throws: RotationRequestError.self, "nothing has failed yet") {
            _ = try await house.requests.retry(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        }
        for _ in 0..<5 {
            house.time.advance(.hours(25))
            await engine.workOnce()
        }
        #expect(try await house.run(arn).nextAttemptAt == nil)
        house.rotator.afterwards.withLockedValue { $0[.retire] = nil }
        _ = try await house.requests.retry(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        await engine.workOnce()
        #expect(try await house.run(arn).state == .retired)
        #expect(!house.target.accepts("first"))
        #expect(try await house.firing(arn).isEmpty)
    }

    @Test("I10 a rotator that does not answer is cut off at its deadline, and the answer counts as unknown")
    func hang() async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.faults = [.hang] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        async let work: Void = engine.workOnce()
        while !house.rotator.calls.withLockedValue({ $0.contains("setSecret") }) { await Task.yield() }
        while house.time.sleepers < 2 { await Task.yield() }
        house.time.advance(.seconds(31))
        await work
        let run = try await house.run(arn)
        #expect(run.failure?.code == .timeout)
        #expect(run.failure?.applied == .unknown)
        #expect(run.state == .waiting)
    }
}
