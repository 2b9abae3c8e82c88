import AWSAPI
import Alerting
import Auditing
import Encryption
import Identities
import Logging
import NIOConcurrencyHelpers
import Operations
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage
import TestSupport
import Testing

@testable import Access

/// Keyturn's own operations and AWS's on one router, over a store on disk and a fake rotator.
struct OperationsHouse: Sendable {
    let directory: ScratchDirectory
    let store: Store
    let router: APIRouter
    let scheduler: RotationScheduler
    let rotator = FakeRotator()
    let time: NIOLockedValueBox<Timestamp>

    /// Runs `body` with a house, and ends the house's HTTP client afterwards.
    static func with(_ body: (OperationsHouse) async throws -> Void) async throws {
        let (house, delivery) = try await Self.make()
        do {
            try await body(house)
        } catch {
            try await delivery.shutdown()
            throw error
        }
        try await delivery.shutdown()
    }

    private static func make() async throws -> (OperationsHouse, AlertDelivery) {
        let directory = try ScratchDirectory("operations")
        let store = try await Store.open(path: directory.path(of: "store.sqlite"))
        let time = NIOLockedValueBox(try #require(Timestamp(rfc3339: "2026-11-21T12:00:00Z")))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let delivery = AlertDelivery(store: store, sinks: [], logger: logger) { time.withLockedValue { $0 } }
        return (try Self(directory, store, time, delivery, logger), delivery)
    }

    private init(
        _ directory: ScratchDirectory,
        _ store: Store,
        _ time: NIOLockedValueBox<Timestamp>,
        _ delivery: AlertDelivery,
        _ logger: Logger
    ) throws {
        (self.directory, self.store, self.time) = (directory, store, time)
        let keyring = try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring
        let secrets = SecretService(store: store, keyring: keyring)
        let catalog = RotatorCatalog(builtIn: [self.rotator], directories: [])
        let engine = EngineParts(
            store: store,
            keyring: keyring,
            alerts: AlertRecorder(sinks: []),
            rotators: catalog,
            time: EngineTime(now: { time.withLockedValue { $0 } }),
            logger: logger
        )
        self.scheduler = RotationScheduler(parts: engine, settings: EngineSettings(owner: "node-1"))
        let requests = RotationRequests(parts: engine, scheduler: nil)
        let authorizer = Authorizer(rights: Self.rights, store: store)
        let directory = IdentityDirectory(store: store, keyring: keyring)
        let own = OperationParts(
            store: store,
            trail: engine.trail,
            secrets: secrets,
            requests: requests,
            rotators: catalog,
            alerts: delivery,
            identities: IdentityService(store: store, keyring: keyring, directory: directory),
            authorizer: authorizer
        )
        self.router = APIRouter(
            operations: SecretsManagerOperations.onSecrets(secrets) + SecretsManagerOperations.onRotation(requests) + own.operations,
            audit: AuditRecorder(store: store, trail: engine.trail),
            authorizer: authorizer,
            logger: logger
        )
    }

    /// Everything for `ann`, nothing for others.
    private static func rights(of principal: Principal, _: String?) throws -> IdentityDirectory.Rights {
        guard principal.userName == "ann" else { return IdentityDirectory.Rights(policies: IdentityPolicies(policies: [])) }
        let policy = ManagedPolicy.administratorAccess
        let document = try PolicyDocument(parsing: policy.document, as: .identity)
        let attached = AttachedPolicy(name: policy.rawValue, document: document)
        return IdentityDirectory.Rights(policies: IdentityPolicies(policies: [attached]))
    }

    struct Answer {
        let status: Int
        let errorType: String?
        let body: JSONValue

        var message: String { self.body["Message"]?.stringValue ?? self.body["message"]?.stringValue ?? "" }
    }

    func call(_ target: String, _ input: JSONValue = [:], region: String = "eu-west-1", isAdministrator: Bool = true) async throws -> Answer
    {
        let caller = VerifiedCaller(
            accessKeyID: "AKIDEXAMPLE",
            principal: .user(.initial, name: isAdministrator ? "ann" : "eve"),
            uniqueID: "AIDAEXAMPLE",
            region: try #require(RegionName(region))
        )
        let now = self.time.withLockedValue { $0 }
        let response = await self.router.respond(
            to: APIRequest(
                target: target,
                body: input.bytes,
                caller: caller,
                client: RequestClient(address: "192.0.2.7", userAgent: "test/1"),
                requestID: "request-1",
                now: now
            )
        )
        return Answer(status: response.status, errorType: response.errorType, body: try JSONValue(parsing: response.body))
    }

    /// A call that is expected to succeed.
    @discardableResult
    func success(_ target: String, _ input: JSONValue = [:], sourceLocation: SourceLocation = #_sourceLocation) async throws -> JSONValue {
        let answer = try await self.call(target, input)
        #expect(answer.status == 200, "\(answer.body.text)", sourceLocation: sourceLocation)
        return answer.body
    }

    /// Makes a secret whose value logs in.
    func makeSecret(_ name: String, user: String, password: String = "first") async throws {
        self.rotator.state.withLockedValue { $0.passwords["\(user)@db"] = [password] }
        let value: JSONValue = ["username": .string(user), "host": "db", "password": .string(password)]
        try await self.success(
            "secretsmanager.CreateSecret",
            ["Name": .string(name), "ClientRequestToken": .string(Self.newToken()), "SecretString": .string(value.text)]
        )
    }

    /// Rotates, and works until the run is over.
    func rotate(_ name: String) async throws -> String {
        let answer = try await self.success(
            "secretsmanager.RotateSecret",
            ["SecretId": .string(name), "ClientRequestToken": .string(Self.newToken())]
        )
        await self.scheduler.workOnce()
        return try #require(answer["VersionId"]?.stringValue)
    }

    static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return VersionID(using: &generator).description
    }

    struct Contents: Equatable, Sendable {
        let secrets: [SecretRecord]
        /// Changes that were made; refusals, and calls that found nothing to change, are on record too.
        let changes: Int
    }

    /// What a refused request must leave alone.
    func contents() async throws -> Contents {
        let scope = SecretScope(account: .initial, region: try #require(RegionName("eu-west-1")))
        var filter = AuditFilter()
        (filter.source, filter.isReadOnly, filter.isFailure) = (AuditSource.secretsManager, false, false)
        return try await self.store.read { [filter] store in
            Contents(
                secrets: try store.secrets(in: scope, includingDeleted: true),
                changes: try store.auditRecords(in: scope, filter, limit: 1_000).count
            )
        }
    }
}
