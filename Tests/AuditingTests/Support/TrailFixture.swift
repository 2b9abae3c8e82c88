import Encryption
import GRDB
import SecretModel
import Storage
import TestSupport
import Testing

@testable import Auditing

/// A store on disk with an audit trail, whose file others can get at.
struct TrailFixture: Sendable {
    static let start = Timestamp(seconds: 1_800_000_000)
    // swift-format-ignore: NeverForceUnwrap
    static let arn = SecretARN("arn:aws:secretsmanager:eu-west-1:000000000000:secret:db/app-AbCd12")!

    let directory: ScratchDirectory
    let trail: AuditTrail
    private(set) var store: Store

    /// - Parameter count: How many records to begin with, a minute apart.
    init(records count: Int = 0) async throws {
        self.directory = try ScratchDirectory("audit")
        self.trail = AuditTrail(keyring: try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring)
        self.store = try await Store.open(path: self.directory.path(of: "store.sqlite"))
        for index in 0..<count { try await self.append(index) }
    }

    static func origin(_ name: String = "GetSecretValue", at index: Int = 0) -> RequestOrigin {
        RequestOrigin(
            scope: Self.arn.scope,
            now: Self.start + .minutes(Int64(index)),
            requestID: "request-\(index)",
            identity: .user(
                "ann",
                AuditActor(arn: "arn:aws:iam::000000000000:user/ann", id: "AIDA1", account: .initial, accessKeyID: "AKID1")
            ),
            client: RequestClient(address: "192.0.2.7", userAgent: "test/1"),
            call: AuditedCall(id: "event-\(index)", source: AuditSource.secretsManager, name: name, parameters: ["secretId": "db/app"])
        )
    }

    static func event(_ index: Int) -> AuditEvent {
        var generator = SystemRandomNumberGenerator()
        return Self.origin(at: index).event(.init("GetSecretValue", about: Self.arn.description), using: &generator)
    }

    func append(_ index: Int) async throws {
        try await self.store.write { try self.trail.append(Self.event(index), in: $0) }
    }

    func records() async throws -> [AuditRecord] { try await self.store.read { try $0.auditRecords(after: 0, limit: 10_000) } }

    func head() async throws -> AuditHead { try #require(try await self.store.read { try $0.auditHead() }) }

    /// Changes the store's file behind the daemon's back.
    mutating func tamper(_ change: (Database) throws -> Void) async throws {
        try self.store.close()
        let path = self.directory.path(of: "store.sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.write(change)
        try queue.close()
        self.store = try await Store.open(path: path)
    }

    /// Walks the whole chain, so many records at a time.
    func verify(noted: AuditLink? = nil, limit: Int = 1_000) async throws -> (finding: AuditFinding?, checked: Int) {
        let verifier = AuditVerifier(store: self.store, trail: self.trail)
        var (link, checked): (AuditLink?, Int) = (nil, 0)
        while true {
            let progress = try await verifier.verify(from: link, noted: noted, limit: limit)
            checked += progress.checked
            link = progress.next
            if link == nil { return (progress.finding, checked) }
        }
    }
}
