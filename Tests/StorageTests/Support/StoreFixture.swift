import Encryption
import RotationModel
import SecretModel
import TestSupport
import Testing

@testable import Storage

/// The value of a text that the test knows to be valid.
func known<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("the test gave an invalid text") }
    return value
}

/// An open store in a directory of its own, and the records that tests make.
struct StoreFixture: Sendable {
    let directory: ScratchDirectory
    let kind: TestedDriver
    let driver: any StoreDriver
    let store: Store

    init(_ kind: TestedDriver) async throws {
        let directory = try ScratchDirectory("store")
        try await self.init(kind, try kind.driver(in: directory), in: directory)
    }

    private init(_ kind: TestedDriver, _ driver: any StoreDriver, in directory: ScratchDirectory) async throws {
        self.directory = directory
        self.kind = kind
        self.driver = driver
        self.store = try await Store(driver: driver)
    }

    /// A store that holds these secrets.
    static func holding(_ secrets: [SecretRecord], in kind: TestedDriver) async throws -> StoreFixture {
        let fixture = try await StoreFixture(kind)
        try await fixture.store.write { store in
            for secret in secrets { try store.insert(secret) }
        }
        return fixture
    }

    /// Closes the store and opens it again, as a daemon that restarts. What is in memory only outlives the daemon in its driver.
    func reopened() async throws -> StoreFixture {
        switch self.kind {
        case .memory: return try await StoreFixture(self.kind, self.driver, in: self.directory)
        case .sqlite:
            try self.store.close()
            return try await StoreFixture(self.kind, try self.kind.driver(in: self.directory), in: self.directory)
        }
    }

    static let scope = SecretScope(account: .initial, region: known(RegionName("eu-west-1")))
    static let start = Timestamp(seconds: 1_800_000_000)

    static func arn(_ name: String, in scope: SecretScope = Self.scope) -> SecretARN {
        known(SecretARN(scope: scope, name: known(SecretName(name)), suffix: "AbCd12"))
    }

    /// The same text gives the same id.
    static func version(_ text: String) -> VersionID {
        known(VersionID(text + String(repeating: ".", count: max(0, 32 - text.utf8.count))))
    }

    static func sealed(_ text: String) -> SealedValue {
        SealedValue(format: 1, keyID: KeyID("key-1"), wrappedDataKey: [1, 2, 0, 255], ciphertext: Array(text.utf8))
    }

    static func secret(_ name: String, at: Timestamp = Self.start) -> SecretRecord {
        SecretRecord(arn: Self.arn(name), createdAt: at)
    }

    /// A secret with rotation enabled that is due at `dueAt`.
    static func rotating(_ name: String, dueAt: Timestamp? = Self.start, target: String = "postgres://db:5432") -> SecretRecord {
        var secret = Self.secret(name)
        var rotation = RotationRecord(rotator: known(RotatorName("postgres-single-user")), lambdaARN: "arn:aws:lambda:::function:x")
        rotation.dueAt = dueAt
        rotation.target = target
        rotation.account = name
        secret.rotation = rotation
        return secret
    }

    static func run(
        of name: String,
        token: String = "run",
        at: Timestamp = Self.start,
        target: String = "postgres://db:5432",
        account: String? = nil
    ) -> RunRecord {
        RunRecord(
            id: RunID(secret: Self.arn(name), token: Self.version(token)),
            trigger: .schedule,
            rotator: known(RotatorName("postgres-single-user")),
            strategy: .singleUser,
            startedAt: at,
            window: nil,
            target: target,
            boundAccount: account ?? name
        )
    }
}
