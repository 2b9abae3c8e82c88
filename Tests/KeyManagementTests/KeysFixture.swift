import Auditing
import Encryption
import KeyManagement
import SecretModel
import Storage
import TestSupport
import Testing

/// A key service on a real store in a directory of its own.
struct KeysFixture: Sendable {
    static let start = Timestamp(seconds: 1_800_000_000)
    // swift-format-ignore: NeverForceUnwrap
    static let scope = SecretScope(account: .initial, region: RegionName("eu-west-1")!)

    let directory: ScratchDirectory
    let store: Store
    let keys: KeyService
    private let stored: (rootKey: RootKey, key: WrappedKey)

    init() async throws {
        self.directory = try ScratchDirectory("keys")
        self.store = try await Store.open(path: self.directory.path(of: "store.sqlite"))
        let rootKey = RootKey.random()
        let (keyring, key) = try Keyring.create(defaultKey: KeyID("default"), rootKey: rootKey)
        self.stored = (rootKey, key)
        self.keys = KeyService(store: self.store, use: KeyUse(keyring: keyring))
    }

    /// The service of a daemon that was started again: it remembers nothing.
    func restarted() throws -> KeyService {
        KeyService(store: self.store, use: KeyUse(keyring: try Keyring(unwrapping: [self.stored.key], rootKey: self.stored.rootKey)))
    }

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

    func create(_ origin: RequestOrigin = Self.origin()) async throws -> (key: AccountKeyRecord, reference: KeyReference) {
        let key = try await self.keys.create(description: "for tests", policy: nil, tags: [], origin)
        return (key, try KeyReference(key.arn))
    }

    func encrypt(_ text: String, with reference: KeyReference, _ context: EncryptionContext = .init()) async throws -> [UInt8] {
        try await self.keys.encrypt(SecretValue(string: text), context: context, with: reference, Self.origin()).content.bytes
    }

    func decrypt(_ bytes: [UInt8], _ context: EncryptionContext = .init(), by keys: KeyService? = nil) async throws -> String {
        let plain = try await (keys ?? self.keys).decrypt(bytes, context: context, with: nil, Self.origin()).content
        return String(decoding: plain.bytes, as: UTF8.self)
    }

    /// Brings a key into a state.
    func bring(_ reference: KeyReference, into state: AccountKeyRecord.State) async throws {
        switch state {
        case .enabled: return
        case .disabled: try await self.keys.disable(reference, Self.origin())
        case .pendingDeletion: _ = try await self.keys.scheduleDeletion(of: reference, afterDays: 7, Self.origin())
        }
    }
}
