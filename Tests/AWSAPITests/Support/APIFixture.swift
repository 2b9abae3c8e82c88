import AWSAPI
import Alerting
import Auditing
import Encryption
import Identities
import KeyManagement
import Logging
import RotationEngine
import SecretModel
import Secrets
import Storage
import TestSupport
import Testing

@testable import Access

/// The operations on secrets behind a router, on a real store; tests send raw JSON, as a client without an SDK would.
struct APIFixture: Sendable {
    static let start = Timestamp(microseconds: 1_800_000_000_123_000)
    static let token = "00000000-0000-0000-0000-000000000001"

    let directory: ScratchDirectory
    let store: Store
    let router: APIRouter
    private let operations: [any APIOperation]
    private let audit: AuditRecorder
    private let authorizer: Authorizer

    init() async throws {
        self.directory = try ScratchDirectory("api")
        self.store = try await Store.open(path: self.directory.path(of: "store.sqlite"))
        let keyring = try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring
        let secrets = SecretService(store: self.store, keyring: keyring)
        let parts = EngineParts(
            store: self.store,
            keyring: keyring,
            alerts: AlertRecorder(sinks: []),
            rotators: StillRotators(),
            time: EngineTime(now: { Self.start + .minutes(1) }),
            logger: Logger(label: "test")
        )
        // Without a scheduler no run begins: what the requests leave behind can be looked at.
        let rotation = RotationRequests(parts: parts, scheduler: nil)
        self.operations =
            SecretsManagerOperations.onSecrets(secrets) + SecretsManagerOperations.onRotation(rotation)
            + KeyOperations.all(KeyService(store: self.store, use: KeyUse(keyring: keyring)))
            + CloudTrailOperations.onAuditTrail(of: self.store)
        self.audit = AuditRecorder(store: self.store, trail: AuditTrail(keyring: keyring))
        self.authorizer = Authorizer(rights: Self.rights, store: self.store)
        self.router = APIRouter(operations: self.operations, audit: self.audit, authorizer: self.authorizer)
    }

    /// The same fixture where something happens to the store after a call was let in and before it does anything.
    init(_ fixture: APIFixture, meanwhile change: @escaping @Sendable (StoreTransaction) throws -> Void) {
        (self.directory, self.store, self.audit, self.authorizer) = (fixture.directory, fixture.store, fixture.audit, fixture.authorizer)
        self.operations = fixture.operations.map { Interrupted(operation: $0, store: fixture.store, change: change) }
        self.router = APIRouter(operations: self.operations, audit: self.audit, authorizer: self.authorizer)
    }

    private struct Interrupted: APIOperation {
        let operation: any APIOperation
        let store: Store
        let change: @Sendable (StoreTransaction) throws -> Void

        var target: String { self.operation.target }
        var members: [MemberRule] { self.operation.members }
        var access: AccessRule { self.operation.access }

        func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
            try await inWords { try await self.store.write(self.change) }
            return try await self.operation.respond(to: input, context)
        }
    }

    /// Everything for `ann`, nothing for others.
    private static func rights(of principal: Principal, _: String?) throws -> IdentityDirectory.Rights {
        guard principal.userName == "ann" else { return IdentityDirectory.Rights(policies: IdentityPolicies(policies: [])) }
        let policy = ManagedPolicy.administratorAccess
        let document = try PolicyDocument(parsing: policy.document, as: .identity)
        let attached = AttachedPolicy(name: policy.rawValue, document: document)
        return IdentityDirectory.Rights(policies: IdentityPolicies(policies: [attached]))
    }

    /// What a client sees.
    struct Answer: Sendable {
        let status: Int
        let errorType: String?
        let body: JSONValue

        var names: [String] { self.body.members?.map(\.name).sorted() ?? [] }
        var message: String? { self.body["Message"]?.stringValue ?? self.body["message"]?.stringValue }
        subscript(name: String) -> JSONValue? { self.body[name] }
        func text(_ name: String) -> String? { self.body[name]?.stringValue }
        /// A date as the client reads it.
        func date(_ name: String) -> Double? {
            guard case .number(let text)? = self.body[name] else { return nil }
            return Double(text)
        }
    }

    /// - Parameters:
    ///   - operation: Of Secrets Manager, or with the target's prefix.
    ///   - body: JSON, `@` standing for the usual token, `$n` (one digit) for a token of its own.
    func call(
        _ operation: String,
        _ body: String = "{}",
        after time: Duration = .zero,
        region: String = "eu-west-1",
        isAdministrator: Bool = true
    ) async throws -> Answer {
        try await self.call(
            target: operation.contains(".") ? operation : "secretsmanager.\(operation)",
            Self.expanded(body),
            after: time,
            region: region,
            isAdministrator: isAdministrator
        )
    }

    /// A call of any service's operation; the body as it is.
    func call(
        target: String,
        _ body: String,
        after time: Duration = .zero,
        region: String = "eu-west-1",
        isAdministrator: Bool = true
    ) async throws -> Answer {
        let caller = VerifiedCaller(
            accessKeyID: "AKIDEXAMPLE",
            principal: .user(.initial, name: isAdministrator ? "ann" : "eve"),
            uniqueID: "AIDAEXAMPLE",
            region: try #require(RegionName(region))
        )
        let request = APIRequest(
            target: target,
            body: Array(body.utf8),
            caller: caller,
            client: RequestClient(address: "192.0.2.7", userAgent: "test/1"),
            requestID: "request-1",
            now: Self.start + time
        )
        let response = await self.router.respond(to: request)
        return Answer(status: response.status, errorType: response.errorType, body: try JSONValue(parsing: response.body))
    }

    /// A call that is expected to succeed.
    @discardableResult
    func success(
        _ operation: String,
        _ body: String,
        after time: Duration = .zero,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let answer = try await self.call(operation, body, after: time)
        #expect(answer.status == 200, "\(answer.body.text)", sourceLocation: sourceLocation)
        return answer
    }

    /// A secret `db` with the value `one` and the usual token.
    @discardableResult
    func createSecret(_ name: String = "db") async throws -> Answer {
        try await self.success("CreateSecret", #"{"Name":"\#(name)","ClientRequestToken":"@","SecretString":"one"}"#)
    }

    func describe(_ name: String = "db") async throws -> Answer { try await self.call("DescribeSecret", #"{"SecretId":"\#(name)"}"#) }

    static func expanded(_ body: String) -> String {
        let prefix = String(Self.token.dropLast())
        var output = ""
        var isToken = false
        for character in body {
            if isToken {
                output += prefix + String(character)
                isToken = false
            } else if character == "$" {
                isToken = true
            } else {
                output += character == "@" ? Self.token : String(character)
            }
        }
        return output
    }
}
