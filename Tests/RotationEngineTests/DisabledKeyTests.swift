import Auditing
import KeyManagement
import RotationEngine
import RotationModel
import SecretModel
import Secrets
import Storage
import Testing

/// A rotation whose KMS key may not be used: it says so before it touches the target, and goes on when it may.
@Suite(.timeLimit(.minutes(10))) struct DisabledKeyTests {
    private struct Setting {
        let house: EngineHouse
        let keys: KeyService
        let key: KeyReference
        let secret: SecretARN

        var origin: RequestOrigin { EngineHouse.origin(at: self.house.time.now) }

        /// A secret under a key that an alias names.
        init() async throws {
            self.house = try await EngineHouse()
            self.keys = KeyService(store: self.house.store, use: KeyUse(keyring: self.house.keyring))
            self.secret = try await self.house.makeSecret()
            let origin = EngineHouse.origin(at: self.house.time.now)
            self.key = try KeyReference(try await self.keys.create(description: "", policy: nil, tags: [], origin).arn)
            try await self.keys.createAlias("alias/app", for: self.key, origin)
            let secrets = SecretService(store: self.house.store, keyring: self.house.keyring)
            let update = SecretService.Update(kmsKeyID: "alias/app")
            _ = try await secrets.update(.arn(self.secret), update, token: EngineHouse.token(9), origin)
        }

        func expectTold(_ state: RunState = .waiting) async throws {
            let run = try await self.house.run(self.secret)
            #expect(run.state == state)
            #expect(run.failure?.code == .preconditionFailed)
            #expect(run.failure?.message.contains("KMS key") == true)
            #expect(try await self.house.firing(self.secret) == [state == .parked ? "SecretRotationFailing" : "SecretRotationFailed"])
        }

        /// Nobody has to say a word to the run.
        func expectSuccessLater() async throws {
            self.house.time.advance(.minutes(30))
            await self.house.engine().workOnce()
            #expect(try await self.house.run(self.secret).state == .succeeded)
            #expect(try await self.house.password(.current, of: self.secret) == "made-1")
            #expect(self.house.target.accepts("made-1"))
        }
    }

    @Test("I1 I2 a disabled key stops the run before the target is touched, until it is enabled")
    func disabledBefore() async throws {
        let setting = try await Setting()
        try await setting.house.rotate(setting.secret)
        try await setting.keys.disable(setting.key, setting.origin)
        await setting.house.engine().workOnce()
        try await setting.expectTold()
        #expect(setting.house.target.changes == 0)
        try await setting.keys.enable(setting.key, setting.origin)
        #expect(try await setting.house.password(.current, of: setting.secret) == "first")
        try await setting.expectSuccessLater()
    }

    @Test("A disabled key keeps nobody from turning rotation off, nor from giving the secret a new value under another key")
    func waysOut() async throws {
        let setting = try await Setting()
        try await setting.house.rotate(setting.secret)
        try await setting.keys.disable(setting.key, setting.origin)
        _ = try await setting.house.requests.cancel(.arn(setting.secret), in: EngineHouse.scope, by: EngineHouse.caller)
        #expect(try await setting.house.secret(setting.secret).rotation?.isEnabled == false)

        let secrets = SecretService(store: setting.house.store, keyring: setting.house.keyring)
        let value = ScriptedRotator.value(host: "db", username: "app", password: "by hand")
        let update = SecretService.Update(value: value, kmsKeyID: "")
        _ = try await secrets.update(.arn(setting.secret), update, token: EngineHouse.token(8), setting.origin)
        #expect(try await setting.house.password(.current, of: setting.secret) == "by hand")
    }

    @Test("I1 I2 a key that can no longer be found for the new value parks the run before the target is touched")
    func aliasGone() async throws {
        let setting = try await Setting()
        try await setting.house.rotate(setting.secret)
        try await setting.keys.deleteAlias("alias/app", setting.origin)
        await setting.house.engine().workOnce()
        try await setting.expectTold(.parked)
        #expect(setting.house.target.changes == 0)
        #expect(try await setting.house.password(.current, of: setting.secret) == "first", "what is there stays readable")
        try await setting.keys.createAlias("alias/app", for: setting.key, setting.origin)
        _ = try await setting.house.requests.retry(.arn(setting.secret), in: EngineHouse.scope, by: EngineHouse.caller)
        try await setting.expectSuccessLater()
    }

    @Test("I3 I4 a key that is disabled amid a run loses no candidate, and the same value goes on")
    func disabledAmid() async throws {
        let setting = try await Setting()
        setting.house.target.edit { $0.faults = [.lostAfter] }
        try await setting.house.rotate(setting.secret)
        await setting.house.engine().workOnce()
        #expect(setting.house.target.accepts("made-1"), "the target has the new value, and nobody was told")
        try await setting.keys.disable(setting.key, setting.origin)
        setting.house.time.advance(.minutes(2))
        await setting.house.engine().workOnce()
        #expect(try await setting.house.run(setting.secret).state == .waiting)
        try await setting.keys.enable(setting.key, setting.origin)
        try await setting.expectSuccessLater()
        #expect(setting.house.target.changes == 1, "adopted, not set again")
    }

    /// A key of another account, and who may use it.
    private struct ForeignKey {
        let arn: String
        private let keys: KeyService
        private let origin: RequestOrigin

        init(_ setting: Setting) async throws {
            let owner = try #require(AccountID("210987654321"))
            (self.keys, self.origin) = (setting.keys, setting.origin.within(owner))
            let policy = Self.policy(owner, #","Action":"kms:*""#)
            let tags = [Tag(key: "state", value: "shared")]
            self.arn = try await self.keys.create(description: "", policy: policy, tags: tags, self.origin).arn
        }

        /// - Parameters:
        ///   - allowed: Members of the statement that lets the account of the secrets in, besides the principal.
        ///   - denied: Those of one that keeps everybody out.
        private static func policy(_ owner: AccountID, _ allowed: String, denied: String? = nil) -> String {
            func statement(_ effect: String, _ account: String, _ rest: String) -> String {
                #"{"Effect":"\#(effect)","Principal":{"AWS":"arn:aws:iam::\#(account):root"},"Resource":"*"\#(rest)}"#
            }
            let users = EngineHouse.scope.account.description
            var statements = [statement("Allow", owner.description, #","Action":"kms:*""#), statement("Allow", users, allowed)]
            if let denied { statements.append(statement("Deny", users, denied)) }
            return #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        }

        func share(_ allowed: String = #","Action":"kms:*""#, denied: String? = nil) async throws {
            let policy = Self.policy(self.origin.scope.account, allowed, denied: denied)
            try await self.keys.putPolicy(policy, name: "default", on: KeyReference(self.arn), self.origin)
        }
    }

    @Test(
        "I1 I2 a key of another account stops the run before the target is touched, unless its policy lets the value be sealed and opened",
        arguments: [
            (#","Action":"kms:GenerateDataKey""#, nil), (#","Action":"kms:Decrypt""#, nil),
            (
                #","Action":"kms:*""#,
                #","Action":"kms:*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2001-01-01T00:00:00Z"}}"#
            ),
            (#","Action":"kms:*""#, #","Action":"kms:*","Condition":{"StringEquals":{"aws:ResourceTag/state":"shared"}}"#),
            (#","Action":"kms:*""#, #","Action":"kms:*","Condition":{"StringEquals":{"aws:ResourceTag/state":"other"}}"#),
        ] as [(String, String?)]
    )
    func anotherAccount(allowed: String, denied: String?) async throws {
        let setting = try await Setting()
        let key = try await ForeignKey(setting)
        let secrets = SecretService(store: setting.house.store, keyring: setting.house.keyring)
        let update = SecretService.Update(kmsKeyID: key.arn)
        _ = try await secrets.update(.arn(setting.secret), update, token: EngineHouse.token(7), setting.origin)

        try await setting.house.rotate(setting.secret)
        try await key.share(allowed, denied: denied)
        await setting.house.engine().workOnce()
        if denied?.contains("other") != true {
            try await setting.expectTold()
            #expect(setting.house.target.changes == 0)
            try await key.share()
        }
        try await setting.expectSuccessLater()
    }

    @Test("I1 a secret that is rotated gets no key that its account may not open, whatever leave the caller has")
    func keyOfAnotherOnly() async throws {
        let setting = try await Setting()
        let key = try await ForeignKey(setting)
        try await setting.house.rotate(setting.secret)
        try await key.share(#","Action":"kms:GenerateDataKey""#)
        let secrets = SecretService(store: setting.house.store, keyring: setting.house.keyring)
        let update = SecretService.Update(kmsKeyID: key.arn)
        await #expect(throws: SecretServiceError.self) {
            _ = try await secrets.update(.arn(setting.secret), update, token: EngineHouse.token(7), setting.origin)
        }
        try await setting.expectSuccessLater()
    }

    @Test("I12 what decided about a request is asked again in its transaction")
    func admission() async throws {
        let setting = try await Setting()
        var origin = EngineHouse.caller
        origin.admission = { _ in throw StoreError.failed("the policy has changed") }
        try await setting.house.rotate(setting.secret)
        await #expect(throws: RotationRequestError.self) {
            _ = try await setting.house.requests.cancel(.arn(setting.secret), in: EngineHouse.scope, by: origin)
        }
        #expect(try await setting.house.secret(setting.secret).rotation?.isEnabled == true)
    }
}
