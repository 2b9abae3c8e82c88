import Logging
import MariaDBClient
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

/// The labels of one secret and what the engine does with them: just enough to drive a rotator through whole runs.
struct MariaDBRotation {
    static let client = MariaDBClient()

    let rotator: MariaDBRotator
    let server: MariaDBServer
    var current: SecretValue
    var pending: SecretValue?
    var previous: SecretValue?
    var options: [String: String]
    /// Where the account's and the admin's logins go: the server's port, or a proxy's.
    var port: Int
    var adminName: String
    var adminPassword: String
    var hasAdmin: Bool
    var limit: Duration = .seconds(20)
    var policy: PasswordPolicy = .default

    init(
        _ strategy: RotationStrategy,
        on server: MariaDBServer,
        user: String,
        password: String,
        hasAdmin: Bool = true,
        admin: (name: String, password: String) = ("root", MariaDBServer.rootPassword),
        options: [String: String] = [:]
    ) {
        self.rotator = MariaDBRotator(strategy: strategy, client: Self.client)
        self.server = server
        self.port = server.port
        self.options = options
        self.hasAdmin = hasAdmin
        self.adminName = admin.name
        self.adminPassword = admin.password
        self.current = Self.secret(user: user, password: password, port: server.port)
    }

    static func secret(user: String, password: String, port: Int, extra: [(String, JSONValue)] = []) -> SecretValue {
        let members: [(String, JSONValue)] = [
            ("engine", "mariadb"), ("host", "127.0.0.1"), ("port", .integer(port)), ("username", .string(user)),
            ("password", .string(password)),
        ]
        return SecretValue(string: JSONValue.object((members + extra).map { JSONValue.Member($0.0, $0.1) }).text)
    }

    var context: StepContext {
        get throws {
            let arn = try #require(SecretARN("arn:aws:secretsmanager:eu-central-1:000000000000:secret:test/mariadb-AbCdEf"))
            let run = try #require(VersionID("11111111-2222-3333-4444-555555555555"))
            return StepContext(
                secret: arn,
                run: run,
                current: self.through(self.current),
                pending: self.pending.map(self.through),
                previous: self.previous.map(self.through),
                admin: self.hasAdmin ? Self.secret(user: self.adminName, password: self.adminPassword, port: self.port) : nil,
                settings: RotatorSettings(password: self.policy, options: self.options),
                deadline: .now + self.limit,
                logger: Logger(label: "test")
            )
        }
    }

    /// The value with this rotation's port: a proxy stands in for the server without being part of the secret.
    private func through(_ value: SecretValue) -> SecretValue {
        guard let text = value.string, let json = try? JSONValue(parsing: text) else { return value }
        return SecretValue(string: json.setting("port", to: .integer(self.port)).text)
    }

    /// Step createSecret, once per run (I3).
    mutating func prepare() async throws {
        guard self.pending == nil else { return }
        self.pending = try await self.rotator.createSecret(self.context)
    }

    @discardableResult
    func set() async throws -> StepReport { try await self.rotator.setSecret(self.context) }

    @discardableResult
    func test() async throws -> StepReport { try await self.rotator.testSecret(self.context) }

    func probe(_ candidate: Candidate) async throws -> ProbeReport { await self.rotator.probe(candidate, try self.context) }

    mutating func promote() {
        guard let pending = self.pending else { return }
        self.previous = self.current
        self.current = pending
        self.pending = nil
    }

    /// A whole run without accidents.
    mutating func rotate() async throws {
        try await self.prepare()
        try await self.set()
        try await self.test()
        self.promote()
    }

    /// What an engine does after a crash: probe pending; adopt it when that proves something, else set the same value again (I4).
    func resume() async throws {
        let probe = try await self.probe(.pending)
        if !(probe.outcome == .accepted && probe.isProof) { try await self.set() }
        try await self.test()
    }

    /// Whether the server lets a client in with a value, on its own port.
    func logsIn(_ value: SecretValue?) async throws -> Bool {
        try await Self.logsIn(self.server, user: Self.username(value), password: Self.password(value))
    }

    static func logsIn(_ server: MariaDBServer, user: String, password: String) async throws -> Bool {
        let login = MariaDBLogin(endpoint: .tcp(host: "127.0.0.1", port: server.port), user: user, password: SecretValue(string: password))
        do {
            _ = try await Self.client.withConnection(login, deadline: .now + .seconds(60)) { _ = try $0.query("DO 1") }
            return true
        } catch let error as MariaDBError where error.kind == .refused || error.kind == .locked {
            return false
        }
    }

    static func username(_ value: SecretValue?) throws -> String {
        let text = try #require(value?.string)
        return try #require(try JSONValue(parsing: text)["username"]?.stringValue)
    }

    static func password(_ value: SecretValue?) throws -> String {
        let text = try #require(value?.string)
        return try #require(try JSONValue(parsing: text)["password"]?.stringValue)
    }
}

/// Runs something that must fail, and returns the failure.
func failure(_ body: () async throws -> Void) async throws -> RotationFailure {
    do {
        try await body()
    } catch let error as RotationFailure {
        return error
    }
    throw FixtureError("it did not fail")
}
