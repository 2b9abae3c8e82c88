import Encryption
import NIOConcurrencyHelpers
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage
import Testing

@Suite(.timeLimit(.minutes(10))) struct RotationRequestTests {
    /// Expects a refusal, and that nothing has changed (I12).
    private func refused(
        _ house: EngineHouse,
        _ arn: SecretARN,
        _ request: RotationRequests.Rotate,
        _ matches: (RotationRequestError) -> Bool
    ) async throws {
        let before = try await house.secret(arn)
        let runs = try await house.store.read { try $0.runs(of: arn, limit: 10) }
        do {
            _ = try await house.requests.rotate(
                .arn(arn),
                in: EngineHouse.scope,
                request,
                mayUse: EngineHouse.anyAdmin,
                by: EngineHouse.caller
            )
            Issue.record("not refused")
        } catch {
            #expect(matches(error), "\(error)")
        }
        #expect(try await house.secret(arn) == before, "I12")
        #expect(try await house.store.read { try $0.runs(of: arn, limit: 10) } == runs, "I12")
    }

    @Test("I12 each refusal changes nothing, not even a date")
    func refusals() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        try await self.refused(house, arn, RotationRequests.Rotate(token: EngineHouse.token())) {
            if case .noRotator = $0 { true } else { false }
        }
        var request = EngineHouse.request()
        request.lambdaARN = "arn:aws:lambda:eu-west-1:000000000000:function:nobody"
        try await self.refused(house, arn, request) { if case .rotatorNotInvokable = $0 { true } else { false } }
        try await self.refused(house, arn, EngineHouse.request(rules: RotationRules(frequency: .days(5_000)))) {
            if case .invalidRules = $0 { true } else { false }
        }
        request = EngineHouse.request()
        request.admin = SecretReference("no-such-admin")
        try await self.refused(house, arn, request) { if case .adminSecretMissing = $0 { true } else { false } }
        let current = try #require(try await house.secret(arn).labels.holder(of: .current))
        try await self.refused(house, arn, EngineHouse.request(current)) { if case .tokenInUse = $0 { true } else { false } }

        try await house.rotate(arn)
        try await self.refused(house, arn, EngineHouse.request(EngineHouse.token(2))) {
            if case .previousRotationIncomplete(EngineHouse.token()) = $0 { true } else { false }
        }
        let twin = try await house.makeSecret("twin")
        try await self.refused(house, twin, EngineHouse.request(EngineHouse.token(3))) {
            if case .accountOwned(by: arn) = $0 { true } else { false }
        }
    }

    @Test func secretWithoutValue() async throws {
        let house = try await EngineHouse()
        var generator = SystemRandomNumberGenerator()
        let arn = SecretARN(name: try #require(SecretName("empty")), scope: EngineHouse.scope, using: &generator)
        let now = house.time.now
        try await house.store.write { try $0.insert(SecretRecord(arn: arn, createdAt: now)) }
        try await self.refused(house, arn, EngineHouse.request()) { if case .noValue = $0 { true } else { false } }
    }

    @Test("the same token twice starts one run, even after it has ended")
    func repeatedToken() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        try await house.rotate(arn)
        await engine.workOnce()
        #expect(house.target.changes == 1)
        #expect(try await house.store.read { try $0.runs(of: arn, limit: 10).count } == 1)
    }

    @Test("W1 cancelled after setSecret, then a new token: the lost value is found, and the account is rotated")
    func cancelThenRotate() async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.faults = [.lostAfter] }
        let arn = try await house.makeSecret()
        try await house.rotate(arn)
        let engine = house.engine()
        await engine.workOnce()
        let (secret, token) = try await house.requests.cancel(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        #expect(token == EngineHouse.token())
        #expect(secret.rotation?.isEnabled == false)
        #expect(secret.rotation?.nextWindow == nil)
        #expect(secret.rotation?.rules != nil, "rules are kept")
        #expect(secret.labels.holder(of: .pending) == EngineHouse.token(), "labels are left as they are")
        #expect(try await house.run(arn).state == .cancelled)
        #expect(try await house.firing(arn) == ["SecretRotationFailing"], "AWSCURRENT may not log in")

        try await house.rotate(arn, EngineHouse.request(EngineHouse.token(2)))
        // What the target was asked may still come (I7).
        house.time.advance(house.settings.lease)
        await engine.workOnce()
        let run = try await house.run(arn, EngineHouse.token(2))
        #expect(run.state == .succeeded, "\(String(describing: run.failure))")
        #expect(house.target.accepts(try await house.password(.current, of: arn)))
        #expect(!run.hasDrift, "nobody else changed it")
        #expect(try await house.firing(arn).isEmpty)
    }

    @Test("RotateImmediately=false: testSecret only, with a copy of the current value, removed in every case", arguments: [true, false])
    func testOfTheRules(isUp: Bool) async throws {
        let house = try await EngineHouse()
        house.target.edit { $0.isDown = !isUp }
        let arn = try await house.makeSecret()
        try await house.rotate(arn, EngineHouse.request(isImmediate: false))
        #expect(try await house.password(.pending, of: arn) == "first")
        await house.engine().workOnce()
        #expect(house.rotator.calls.withLockedValue { $0 } == ["testSecret"])
        let secret = try await house.secret(arn)
        #expect(secret.labels.holder(of: .pending) == nil)
        #expect(secret.rotation?.isEnabled == true)
        #expect(secret.rotation?.lastRotatedAt == nil)
        #expect(try await house.heldPasswords(arn) == ["first"])
        #expect(try await house.store.read { try $0.unfinishedRun(of: arn) } == nil)
        #expect(try await house.events(arn).last == (isUp ? "TestRotationSucceeded" : "TestRotationFailed"))
    }

    @Test("W24 masterarn binds the admin secret once; a later value cannot aim it elsewhere")
    func masterARN() async throws {
        let house = try await EngineHouse()
        let admin = try await house.makeSecret("admin", password: "root")
        let arn = try await house.makeSecret()
        let keyring = house.keyring
        @Sendable func put(_ named: String) async throws {
            let value = SecretValue(string: #"{"host":"db","username":"app","password":"first","masterarn":"\#(named)"}"#)
            try await house.store.write { store in
                let version = try #require(try store.secret(arn)?.labels.holder(of: .current))
                var record = try #require(try store.version(version, of: arn))
                record.value = try keyring.seal(value, for: .version(arn, version))
                try store.update(record)
            }
        }
        try await put(admin.description)
        #expect(try await house.configure(arn).rotation?.admin == admin)
        let other = try await house.makeSecret("other", password: "root")
        try await put(other.description)
        #expect(try await house.configure(arn).rotation?.admin == admin)
    }

    @Test("W24 whoever binds an admin secret, or aims the one that is bound elsewhere, is asked for leave to read it")
    func adminCheck() async throws {
        let house = try await EngineHouse()
        let admin = try await house.makeSecret("admin", password: "root")
        let asked = NIOLockedValueBox<[String]>([])
        let asks: RotationRequests.AdminCheck = { reference, head, _ in
            asked.withLockedValue { $0.append(reference.text + (head == nil ? " (missing)" : "")) }
        }
        let refuses: RotationRequests.AdminCheck = { _, _, _ in throw SecretServiceError.keyAccessDenied }
        let arn = try await house.makeSecret()
        func configure(_ request: RotationRequests.Rotate = EngineHouse.request(), check: @escaping RotationRequests.AdminCheck)
            async throws
        {
            try await house.configure(arn, request, mayUse: check)
        }
        var named = EngineHouse.request()
        named.admin = SecretReference("admin")
        await #expect(throws: SecretServiceError.self) { try await configure(named, check: refuses) }
        #expect(try await house.secret(arn).rotation == nil, "I12")
        var missing = named
        missing.admin = SecretReference("nobody")
        await #expect(throws: RotationRequestError.self) { try await configure(missing, check: asks) }
        try await configure(named, check: asks)
        #expect(asked.withLockedValue { $0 } == ["nobody (missing)", "admin"])
        #expect(try await house.secret(arn).rotation?.admin == admin)

        try await configure(check: refuses)
        var other = EngineHouse.request(rules: RotationRules(frequency: .days(7)))
        try await configure(other, check: refuses)
        other.settings = RotatorSettingsData(options: ["sslmode": "disable"])
        await #expect(throws: SecretServiceError.self) { try await configure(other, check: refuses) }
        let keyring = house.keyring
        try await house.store.write { store in
            let version = try #require(try store.secret(arn)?.labels.holder(of: .current))
            var record = try #require(try store.version(version, of: arn))
            record.value = try keyring.seal(
                ScriptedRotator.value(host: "elsewhere", username: "app", password: "x"),
                for: .version(arn, version)
            )
            try store.update(record)
        }
        await #expect(throws: SecretServiceError.self, "another host would be shown the admin's password") {
            try await configure(check: refuses)
        }
        await #expect(throws: RotationRequestError.self) {
            _ = try await house.requests.preflight(.arn(arn), in: EngineHouse.scope, mayUse: refuses)
        }
    }

    @Test func cancelAndRetryWithoutRotation() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        await #expect(throws: RotationRequestError.self) {
            _ = try await house.requests.cancel(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        }
        await #expect(throws: RotationRequestError.self) {
            _ = try await house.requests.retry(.arn(arn), in: EngineHouse.scope, by: EngineHouse.caller)
        }
    }

    @Test func probeSaysWhetherCurrentLogsIn() async throws {
        let house = try await EngineHouse()
        let arn = try await house.makeSecret()
        try await house.configure(arn)
        #expect(try await house.requests.probe(.arn(arn), in: EngineHouse.scope).outcome == .accepted)
        house.target.edit { $0.passwords = ["changed by hand"] }
        #expect(try await house.requests.probe(.arn(arn), in: EngineHouse.scope).outcome == .refused)
        house.target.edit { $0.isDown = true }
        #expect(try await house.requests.probe(.arn(arn), in: EngineHouse.scope).outcome == .unreachable)
    }

    @Test func preflightNamesAnotherOwnerAndTheNextDates() async throws {
        let house = try await EngineHouse()
        let owner = try await house.makeSecret()
        let request = EngineHouse.request()
        try await house.configure(owner, request)
        let twin = try await house.makeSecret("twin")
        let findings = try await house.requests.preflight(.arn(twin), in: EngineHouse.scope, request, mayUse: EngineHouse.anyAdmin)
        #expect(findings.contains { $0.level == .failed && $0.check == "account" && $0.message.contains(owner.description) })
        #expect(findings.contains { $0.check == "schedule" && $0.message.contains("2026-12-21") })
        #expect(findings.contains { $0.check == "login" })
        #expect(try await house.secret(twin).rotation == nil)
    }
}
