import Logging
import PostgresClient
import RotationModel
import Rotators
import SecretModel
import TestSupport

/// A database with an application's role, an admin who may create roles and no more, and the values of one secret, rotated step by step as
/// the engine does it.
final class PostgresTarget {
    let server: PostgresServer
    let rotator: PostgresRotator
    let database: String
    let role: String
    let adminRole: String
    var settings = RotatorSettings()
    var current: SecretValue
    var previous: SecretValue?
    var pending: SecretValue?
    /// Whether the steps get the admin secret.
    var hasAdmin: Bool
    private let adminValue: SecretValue

    static let client = PostgresClient(threads: 8)

    /// - Parameter server: The shared one, if left out.
    init(
        _ strategy: PostgresRotator.Strategy,
        role stem: String = "app",
        attributes: String = "",
        on server: PostgresServer? = nil
    ) async throws {
        guard let rotator = PostgresRotator(strategy, client: Self.client) else { throw FixtureError("no rotator") }
        self.rotator = rotator
        if let server { self.server = server } else { self.server = try await PostgresServer.shared() }
        self.role = PostgresServer.uniqueName(stem)
        self.adminRole = PostgresServer.uniqueName("admin")
        self.database = try await self.server.makeDatabase()
        self.hasAdmin = strategy == .alternatingUsers
        let quoted = self.role.replacing("\"", with: "\"\"")
        try await self.server.sql(
            """
            CREATE ROLE "\(quoted)" LOGIN \(attributes) PASSWORD 'first';
            CREATE ROLE \(self.adminRole) LOGIN CREATEROLE PASSWORD 'admin pw'
            """
        )
        func value(_ user: String, _ password: String, _ server: PostgresServer, _ database: String) -> SecretValue {
            let members: JSONValue = [
                "engine": "postgres", "host": "127.0.0.1", "port": .integer(server.port), "username": .string(user),
                "password": .string(password), "dbname": .string(database), "note": ["kept", 1],
            ]
            return SecretValue(string: members.text)
        }
        self.current = value(self.role, "first", self.server, self.database)
        self.adminValue = value(self.adminRole, "admin pw", self.server, "postgres")
    }

    func context(attempt: Int = 1, trigger: RotationTrigger = .manual, limit: Duration = .seconds(20)) throws -> StepContext {
        guard let arn = SecretARN("arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"),
            let run = VersionID("00000000-0000-4000-8000-000000000001")
        else { throw FixtureError("no ARN") }
        return StepContext(
            secret: arn,
            run: run,
            attempt: attempt,
            trigger: trigger,
            current: self.current,
            pending: self.pending,
            previous: self.previous,
            admin: self.hasAdmin ? self.adminValue : nil,
            settings: self.settings,
            deadline: .now + limit,
            logger: Logger(label: "test")
        )
    }

    /// createSecret, as the engine does it: the value is stored before anything else.
    func prepare() async throws {
        self.pending = try await self.rotator.createSecret(try self.context())
    }

    /// finishSecret: the labels move.
    func promote() {
        (self.previous, self.current, self.pending) = (self.current, self.pending ?? self.current, nil)
    }

    @discardableResult
    func rotate() async throws -> StepReport {
        try await self.prepare()
        let report = try await self.rotator.setSecret(try self.context())
        _ = try await self.rotator.testSecret(try self.context())
        self.promote()
        return report
    }

    func json(_ value: SecretValue?) throws -> JSONValue { try JSONValue(parsing: value?.string ?? "") }

    /// The value with other members.
    func changed(_ value: SecretValue?, _ members: [String: JSONValue]) throws -> SecretValue {
        SecretValue(string: members.reduce(try self.json(value)) { $0.setting($1.key, to: $1.value) }.text)
    }

    /// Runs statements as the account of a value, in one session without our pinned settings, and returns the last value of the last one.
    @discardableResult
    func run(_ statements: [String], as value: SecretValue?) async throws -> String? {
        let json = try self.json(value)
        let login = PostgresLogin(
            host: "127.0.0.1",
            port: self.server.port,
            username: json["username"]?.stringValue ?? "",
            password: SecretValue(string: json["password"]?.stringValue ?? ""),
            database: self.database,
            tls: .off,
            sessionSettings: [:]
        )
        return try await Self.client.withConnection(to: login, deadline: .now + .seconds(60)) { connection throws(PostgresError) in
            var rows: [PostgresRow] = []
            for statement in statements { rows = try connection.run(statement) }
            return rows.first?["result"]
        }
    }

    /// Whether the account of a value logs in.
    func logsIn(_ value: SecretValue?) async throws -> Bool {
        do {
            return try await self.run(["SELECT 'yes' AS result"], as: value) == "yes"
        } catch let error as PostgresError where error.kind == .refused {
            return false
        }
    }
}

/// The failure of a step that has to fail.
func rotationFailure(of step: () async throws -> some Any) async throws -> RotationFailure {
    do {
        _ = try await step()
    } catch let failure as RotationFailure {
        return failure
    }
    throw FixtureError("the step was expected to fail")
}
