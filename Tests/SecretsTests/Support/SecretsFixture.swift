import Auditing
import Encryption
import KeyManagement
import RotationModel
import SecretModel
import Secrets
import Storage
import TestSupport
import Testing

/// A secret service on a real store in a directory of its own.
struct SecretsFixture: Sendable {
    static let start = Timestamp(seconds: 1_800_000_000)
    // swift-format-ignore: NeverForceUnwrap
    static let scope = SecretScope(account: .initial, region: RegionName("eu-west-1")!)

    let directory: ScratchDirectory
    let store: Store
    let moves: VersionMoves
    let service: SecretService
    let keys: KeyService

    init(hostedRegions: Set<RegionName>? = nil, keyHook: @escaping SecretService.KeyHook = { _, _, _ in }) async throws {
        self.directory = try ScratchDirectory("secrets")
        self.store = try await Store.open(path: self.directory.path(of: "store.sqlite"))
        let keyring = try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring
        self.moves = VersionMoves(keyring: keyring, keyHook: keyHook)
        self.service = SecretService(store: self.store, keyring: keyring, hostedRegions: hostedRegions, keyHook: keyHook)
        self.keys = KeyService(store: self.store, use: KeyUse(keyring: keyring))
    }

    /// A request of the same person, some time after the start; every change is a part of it.
    static func origin(after time: Duration = .zero, scope: SecretScope = Self.scope) -> RequestOrigin {
        RequestOrigin(
            scope: scope,
            now: Self.start + time,
            requestID: "request-1",
            identity: .user(
                "ann",
                AuditActor(arn: "arn:aws:iam::000000000000:user/ann", id: "AIDA1", account: scope.account, accessKeyID: "AKID1")
            ),
            client: RequestClient(address: "127.0.0.1", userAgent: "test"),
            call: AuditedCall(id: "call-1", source: AuditSource.keyturn, name: "Test")
        )
    }

    /// The same text gives the same id.
    static func token(_ text: String) -> VersionID {
        // swift-format-ignore: NeverForceUnwrap
        VersionID(text + String(repeating: "-", count: max(0, 32 - text.utf8.count)))!
    }

    // swift-format-ignore: NeverForceUnwrap
    static func name(_ text: String) -> SecretReference { .name(SecretName(text)!) }

    /// Creates a secret with one version, `first`.
    @discardableResult
    func create(_ name: String, value: String? = "one") async throws -> SecretRecord {
        let creation = SecretService.Creation(token: Self.token("first"), value: value.map { SecretValue(string: $0) })
        // swift-format-ignore: NeverForceUnwrap
        return try await self.service.create(SecretName(name)!, creation, Self.origin()).0
    }

    @discardableResult
    func put(
        _ text: String,
        _ token: String,
        _ labels: [String] = [],
        to name: String = "db",
        after time: Duration = .seconds(1)
    ) async throws -> [String] {
        let labels = labels.compactMap { StagingLabel($0) }
        let value = SecretValue(string: text)
        return try await self.service.put(value, token: Self.token(token), labels: labels, to: Self.name(name), Self.origin(after: time))
            .1.map(\.description)
    }

    func text(_ name: String = "db", label: String? = nil, version: String? = nil) async throws -> String? {
        try await self.service.get(
            Self.name(name),
            version: version.map(Self.token),
            label: label.flatMap { StagingLabel($0) },
            Self.origin(after: .minutes(1))
        ).value.string
    }

    /// Which version each label stands on, by the text of its token.
    func labels(_ name: String = "db") async throws -> [String: String] {
        let record = try await self.service.describe(Self.name(name), Self.origin())
        return Dictionary(
            uniqueKeysWithValues: record.labels.pairs.map { pair in
                (pair.label.description, String(pair.version.description.prefix { $0 != "-" }))
            }
        )
    }

    /// Enables rotation every 30 days, and starts a run with this token if there is one.
    func enableRotation(_ name: String = "db", run token: String? = nil) async throws {
        let arn = try await self.service.describe(Self.name(name), Self.origin()).arn
        let moves = self.moves
        try await self.store.write { store in
            guard var record = try store.secret(arn), let rotator = RotatorName("postgres-single-user") else { return }
            record.rotation = RotationRecord(
                rotator: rotator,
                lambdaARN: "arn:aws:lambda:eu-west-1:000000000000:function:postgres-single-user"
            )
            record.rotation?.rules = RotationRules(frequency: .days(30))
            try store.update(record)
            guard let token else { return }
            try store.insert(
                RunRecord(
                    id: RunID(secret: arn, token: Self.token(token)),
                    trigger: .manual,
                    rotator: rotator,
                    strategy: .singleUser,
                    startedAt: Self.start,
                    window: nil,
                    target: "postgres://db:5432",
                    boundAccount: nil
                )
            )
            let secret = try #require(try store.secret(arn))
            try moves.registerPending(Self.token(token), of: secret, at: Self.start, in: store)
        }
    }

    /// What a run does when createSecret has made its value.
    func fillPending(_ token: VersionID, of arn: SecretARN, with text: String, at now: Timestamp = start, in store: StoreTransaction) throws
    {
        try self.moves.fillPending(token, of: try store.head(of: arn), with: SecretValue(string: text), ifEmpty: false, at: now, in: store)
    }

    /// What a refused request must leave as it was.
    struct Everything: Hashable, Sendable {
        let record: SecretRecord
        let versions: [VersionRecord]
        let audit: [AuditRecord]
    }

    func everything(_ name: String = "db") async throws -> Everything? {
        try await self.store.read { store in
            guard let record = try store.secret(matching: Self.name(name), in: Self.scope) else { return nil }
            return Everything(
                record: record,
                versions: try store.versions(of: record.arn),
                audit: try store.auditRecords(of: record.arn, limit: 100)
            )
        }
    }

    /// Expects a refusal that changes nothing (I12).
    func refuses(
        _ expected: SecretServiceError,
        on name: String = "db",
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async throws {
        let before = try await self.everything(name)
        await #expect(throws: expected, sourceLocation: sourceLocation) { try await body() }
        #expect(try await self.everything(name) == before, "a refusal changed something", sourceLocation: sourceLocation)
    }
}
