import Alerting
import Auditing
import Encryption
import Logging
import NIOConcurrencyHelpers
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage
import TestSupport
import Testing

/// A store on disk, a fake target, and engines on them: a new engine on the same store is a daemon that was started again.
struct EngineHouse {
    // swift-format-ignore: NeverForceUnwrap
    static let scope = SecretScope(account: .initial, region: RegionName("eu-west-1")!)
    static let lambdaARN = "arn:aws:lambda:eu-west-1:000000000000:function:scripted"
    /// Of every request; each is a part of it.
    static let caller = Self.origin(at: Timestamp(seconds: 0))

    static func origin(requestID: String = "request-1", at now: Timestamp) -> RequestOrigin {
        RequestOrigin(
            scope: Self.scope,
            now: now,
            requestID: requestID,
            identity: .user(
                "ops",
                AuditActor(arn: "arn:aws:iam::000000000000:user/ops", id: "AIDA1", account: .initial, accessKeyID: "AKID1")
            ),
            client: RequestClient(address: "127.0.0.1", userAgent: "test"),
            call: AuditedCall(id: "call-1", source: AuditSource.keyturn, name: "Test")
        )
    }

    let directory: ScratchDirectory
    let store: Store
    let keyring: Keyring
    let time: VirtualTime
    let rotator: ScriptedRotator
    let target: FakeTarget
    var settings: EngineSettings

    init(
        strategy: RotationStrategy = .singleUser,
        steps: Set<RotationStep> = [.createSecret, .setSecret, .testSecret],
        timeout: Duration = .seconds(30)
    ) async throws {
        self.directory = try ScratchDirectory("engine")
        self.store = try await Store.open(path: self.directory.path(of: "store.sqlite"))
        self.keyring = try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring
        self.time = VirtualTime(try #require(Timestamp(rfc3339: "2026-11-21T12:00:00Z")))
        let name = try #require(RotatorName("scripted"))
        self.rotator = ScriptedRotator(name: name, strategy: strategy, steps: steps, timeout: timeout)
        self.target = FakeTarget(password: "first")
        let target = self.target
        self.rotator.targets.withLockedValue { $0["db"] = target }
        self.settings = EngineSettings(owner: "node-1")
        // The virtual clock stands still while a look works through the burst.
        self.settings.startUpBurst = 1_000
    }

    var parts: EngineParts {
        EngineParts(
            store: self.store,
            keyring: self.keyring,
            alerts: AlertRecorder(sinks: ["pager"]),
            rotators: ScriptedRegistry(rotators: [self.rotator]),
            time: self.time.engineTime,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    var requests: RotationRequests { RotationRequests(parts: self.parts, scheduler: nil) }

    func engine() -> RotationScheduler { RotationScheduler(parts: self.parts, settings: self.settings) }

    /// A daemon that is started on the store after the last one died.
    func restart() async throws -> RotationScheduler {
        self.time.die(afterReads: nil)
        let now = self.time.now
        try await self.store.write { try $0.releaseAllLeases(at: now) }
        return self.engine()
    }

    /// Makes a secret with a value.
    @discardableResult
    func makeSecret(
        _ name: String = "app",
        host: String = "db",
        username: String = "app",
        password: String = "first"
    ) async throws -> SecretARN {
        var generator = SystemRandomNumberGenerator()
        let arn = SecretARN(name: try #require(SecretName(name)), scope: Self.scope, using: &generator)
        let version = VersionID(using: &generator)
        let (now, keyring) = (self.time.now, self.keyring)
        let value = ScriptedRotator.value(host: host, username: username, password: password)
        try await self.store.write { store in
            var secret = SecretRecord(arn: arn, createdAt: now)
            secret.labels.attach(.current, to: version)
            try store.insert(secret)
            let sealed = try keyring.seal(value, for: .version(arn, version))
            try store.insert(VersionRecord(secret: arn, id: version, value: sealed, createdAt: now))
        }
        return arn
    }

    static func token(_ number: Int = 1) -> VersionID {
        // swift-format-ignore: NeverForceUnwrap
        VersionID("00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - String(number).count))\(number)")!
    }

    static func request(_ token: VersionID = token(), isImmediate: Bool = true, rules: RotationRules? = nil) -> RotationRequests.Rotate {
        var request = RotationRequests.Rotate(token: token, isImmediate: isImmediate)
        request.lambdaARN = Self.lambdaARN
        request.rules = rules ?? RotationRules(frequency: .days(30))
        return request
    }

    /// For callers who may read every admin secret.
    static let anyAdmin: RotationRequests.AdminCheck = { _, _, _ in }

    @discardableResult
    func rotate(_ arn: SecretARN, _ request: RotationRequests.Rotate = request()) async throws -> SecretRecord {
        try await self.requests.rotate(.arn(arn), in: Self.scope, request, mayUse: Self.anyAdmin, by: Self.caller)
    }

    /// What applying a rules file does with one secret.
    @discardableResult
    func configure(
        _ arn: SecretARN,
        _ request: RotationRequests.Rotate = request(),
        mayUse check: @escaping RotationRequests.AdminCheck = anyAdmin
    ) async throws -> SecretRecord {
        let (requests, now) = (self.requests, self.time.now)
        let found = try await requests.rotator(for: request)
        return try await self.store.write { store in
            try requests.configure(
                .arn(arn),
                in: Self.scope,
                request,
                found,
                mayUse: check,
                ruleset: "team",
                by: Self.caller,
                at: now,
                in: store
            )
        }
    }

    func secret(_ arn: SecretARN) async throws -> SecretRecord {
        try #require(try await self.store.read { try $0.secret(arn) })
    }

    func run(_ arn: SecretARN, _ token: VersionID = token()) async throws -> RunRecord {
        try #require(try await self.store.read { try $0.run(RunID(secret: arn, token: token)) })
    }

    func password(_ label: StagingLabel, of arn: SecretARN) async throws -> String? {
        let versions = VersionMoves(keyring: self.keyring)
        return ScriptedRotator.member("password", of: try await self.store.read { try versions.value(at: label, of: arn, in: $0) })
    }

    /// Every password that any version of the secret holds.
    func heldPasswords(_ arn: SecretARN) async throws -> [String] {
        let versions = VersionMoves(keyring: self.keyring)
        return try await self.store.read { store in
            try store.versions(of: arn).compactMap {
                ScriptedRotator.member("password", of: try versions.value(of: $0.id, of: arn, in: store))
            }
        }
    }

    func events(_ arn: SecretARN) async throws -> [String] {
        let records = try await self.store.read { try $0.auditRecords(after: 0, limit: 1_000) }
        return records.filter { $0.event.resource == arn.description }.map(\.event.name)
    }

    func firing(_ arn: SecretARN) async throws -> [String] {
        try await self.store.read { try $0.firingAlerts(of: arn).map(\.name).sorted() }
    }

    /// Every alert that was ever raised.
    func alertNames() async throws -> [String] {
        try await self.store.read { try $0.alerts(includingResolved: true, limit: 100).map(\.name).sorted() }
    }

    /// Lets an engine work until the run is over or `limit` attempts have passed, moving the clock to each next attempt.
    func settle(_ engine: RotationScheduler, _ arn: SecretARN, attempts limit: Int = 20) async throws {
        for _ in 0..<limit {
            await engine.workOnce()
            guard let run = try await self.store.read({ try $0.unfinishedRun(of: arn) }), let next = run.nextAttemptAt else { return }
            self.time.advance(max(next - self.time.now, .seconds(1)))
        }
    }
}
