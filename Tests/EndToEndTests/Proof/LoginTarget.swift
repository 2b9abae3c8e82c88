import AdminClient
import Foundation
import MariaDBClient
import PostgresClient
import SecretModel
import TestSupport

/// An account on a real server and its secret in a daemon.
struct LoginTarget: Sendable {
    enum Server: Sendable {
        case postgres(PostgresServer)
        case mariadb(MariaDBServer)

        var engine: String {
            switch self {
            case .postgres: "postgres"
            case .mariadb: "mariadb"
            }
        }

        var port: Int {
            switch self {
            case .postgres(let server): server.port
            case .mariadb(let server): server.port
            }
        }
    }

    let server: Server
    let user: String
    /// The name of the secret.
    var secret: String { "login/\(self.user)" }

    /// One that every plug-in takes.
    private static let firstPassword = "At-first-1"
    private static let client = PostgresClient(threads: 4)
    private static let mariaDB = MariaDBClient(threads: 4)

    /// Makes the account and, beside it, an admin who may change it.
    init(on server: Server, _ stem: String) async throws {
        self.server = server
        self.user = PostgresServer.uniqueName("\(stem)_\(server.engine)")
        switch server {
        case .postgres(let server):
            try await server.sql(
                """
                CREATE ROLE \(self.user) LOGIN PASSWORD '\(Self.firstPassword)';
                CREATE ROLE \(self.user)_admin LOGIN CREATEROLE PASSWORD 'Admin-password-1';
                """
            )
        case .mariadb(let server):
            try await server.sql(
                """
                CREATE DATABASE \(self.user); CREATE TABLE \(self.user).t (id INT);
                CREATE USER \(self.user)@'%' IDENTIFIED BY '\(Self.firstPassword)'; GRANT SELECT ON \(self.user).* TO \(self.user)@'%';
                CREATE USER \(self.user)_admin@'%' IDENTIFIED BY 'Admin-password-1'; GRANT ALL ON *.* TO \(self.user)_admin@'%' WITH GRANT OPTION;
                """
            )
        }
    }

    func value(user: String? = nil, password: String? = nil, host: String = "127.0.0.1", port: Int? = nil) -> JSONValue {
        [
            "engine": .string(self.server.engine), "host": .string(host), "port": .integer(port ?? self.server.port),
            "username": .string(user ?? self.user), "password": .string(password ?? Self.firstPassword), "ssl": false,
        ]
    }

    /// The admin's secret, made by this call.
    /// - Returns: Its ARN.
    func makeAdminSecret(_ client: APIClient) async throws -> JSONValue {
        let value = self.value(user: "\(self.user)_admin", password: "Admin-password-1")
        return try await client.make("\(self.secret)-admin", value)["ARN"] ?? .null
    }

    /// Logs in with a value as an application would, and asks something.
    /// - Returns: Whether the server let it in; `false` only if it refused the password or the account.
    func logsIn(_ value: JSONValue) async throws -> Bool {
        let user = value["username"]?.stringValue ?? ""
        let password = SecretValue(string: value["password"]?.stringValue ?? "")
        switch self.server {
        case .postgres(let server): return try await Self.logsIn(server, user, password)
        case .mariadb(let server): return try await Self.logsIn(server, user, password)
        }
    }

    private static func logsIn(_ server: PostgresServer, _ user: String, _ password: SecretValue) async throws -> Bool {
        let login = PostgresLogin(
            host: "127.0.0.1",
            port: server.port,
            username: user,
            password: password,
            database: "postgres",
            tls: .off,
            sessionSettings: [:]
        )
        do {
            return try await Self.client.withConnection(to: login, deadline: .now + .seconds(20)) { connection throws(PostgresError) in
                try connection.run("SELECT 1 AS one").count == 1
            }
        } catch {
            guard error.kind == .refused || error.kind == .locked else { throw error }
            return false
        }
    }

    private static func logsIn(_ server: MariaDBServer, _ user: String, _ password: SecretValue) async throws -> Bool {
        let login = MariaDBLogin(
            endpoint: .tcp(host: "127.0.0.1", port: server.port),
            user: user,
            password: password,
            encryption: .none
        )
        do {
            return try await Self.mariaDB.withConnection(login, deadline: .now + .seconds(20)) {
                try $0.query("SELECT 1").count == 1
            }
        } catch let error as MariaDBError where error.kind == .refused || error.kind == .locked {
            return false
        }
    }
}

extension APIClient {
    @discardableResult
    func make(_ name: String, _ value: JSONValue) async throws -> JSONValue {
        try await self.change("CreateSecret", ["Name": .string(name), "SecretString": .string(value.text)])
    }

    /// Calls an operation that makes a version, with a new token, as AWS's SDKs do.
    @discardableResult
    func change(_ operation: String, _ input: JSONValue) async throws(ClientError) -> JSONValue {
        try await self.call("secretsmanager.\(operation)", input.setting("ClientRequestToken", to: .string(UUID().uuidString)))
    }

    /// The value that AWSCURRENT stands on, and its version.
    func current(_ name: String) async throws -> (version: String, value: JSONValue) {
        let answer = try await self.call("secretsmanager.GetSecretValue", ["SecretId": .string(name)])
        let value = try JSONValue(parsing: answer["SecretString"]?.stringValue ?? "")
        return (answer["VersionId"]?.stringValue ?? "", value)
    }

    /// Starts a rotation by the rotator that the first call named.
    /// - Returns: The run's token.
    func rotate(_ name: String, by rotator: String? = nil) async throws -> String {
        var input: JSONValue = ["SecretId": .string(name)]
        if let rotator {
            input = input.setting("RotationLambdaARN", to: .string("arn:aws:lambda:us-east-1:000000000000:function:\(rotator)"))
            input = input.setting("RotationRules", to: ["AutomaticallyAfterDays": 30])
        }
        return try await self.change("RotateSecret", input)["VersionId"]?.stringValue ?? ""
    }

    /// A run as `keyturn rotation show` has it; the last one if none is named.
    func run(_ token: String? = nil, of name: String) async throws -> JSONValue {
        var input: JSONValue = ["SecretId": .string(name)]
        if let token { input = input.setting("RunId", to: .string(token)) }
        return try await self.call("keyturn.DescribeRotation", input)["Runs"]?.arrayValue?.first ?? [:]
    }

    /// Waits until the run has promoted its value.
    /// - Throws: `FixtureError` with the run's failure at the deadline.
    func waitForPromotion(_ token: String, of name: String) async throws {
        do {
            try await eventually("the promotion of \(name)", within: .seconds(60)) { try await self.current(name).version == token }
        } catch let error as FixtureError {
            throw FixtureError("\(error): \(try await self.run(token, of: name)["Failure"]?.text ?? "no failure")")
        }
    }
}
