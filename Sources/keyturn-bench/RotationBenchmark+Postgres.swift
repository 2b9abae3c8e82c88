import CPostgres
import PostgresClient
import Rotators
import SecretModel
import TestSupport

/// A PostgreSQL server without TLS, which keeps passwords as scram-sha-256.
struct PostgresRotationTarget: RotationTarget {
    let engine = "postgres"
    let bareName = "two logins and one ALTER ROLE by libpq"
    let secrets: [RotatedSecret]
    private let server: PostgresServer
    private static let password = "the password of the bare account"

    init() async throws {
        let server = try await PostgresServer.shared()
        let admin = "CREATE ROLE admin LOGIN CREATEROLE PASSWORD 'admin';"
        try await server.sql(admin + "CREATE ROLE bare LOGIN PASSWORD '\(Self.password)'; CREATE ROLE one LOGIN PASSWORD 'first';")
        try await server.sql("CREATE ROLE two LOGIN PASSWORD 'first'")
        func value(_ role: String, _ password: String) -> JSONValue {
            [
                "engine": "postgres", "host": "127.0.0.1", "port": .integer(server.port), "username": .string(role),
                "password": .string(password), "dbname": "postgres",
            ]
        }
        let client = PostgresClient()
        guard let single = PostgresRotator(.singleUser, client: client), let twins = PostgresRotator(.alternatingUsers, client: client)
        else { throw RotationBenchmarkError("no PostgreSQL rotators") }
        self.server = server
        self.secrets = [
            try RotatedSecret(single, current: value("one", "first")),
            try RotatedSecret(twins, current: value("two", "first"), admin: value("admin", "admin")),
        ]
    }

    func bareLogin() throws { PQfinish(try self.connect()) }

    func bareRotation() throws {
        let connection = try self.connect()
        defer { PQfinish(connection) }
        // As it is done by hand: the server makes the verifier. It is of the same cost as ours.
        let result = PQexec(connection, "ALTER ROLE bare PASSWORD '\(Self.password)'")
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw RotationBenchmarkError(String(cString: PQerrorMessage(connection))) }
        try self.bareLogin()
    }

    private func connect() throws -> OpaquePointer {
        let words = "host=127.0.0.1 port=\(self.server.port) user=bare dbname=postgres sslmode=disable gssencmode=disable"
        guard let connection = PQconnectdb("\(words) password='\(Self.password)'") else { throw RotationBenchmarkError("out of memory") }
        guard PQstatus(connection) == CONNECTION_OK else {
            defer { PQfinish(connection) }
            throw RotationBenchmarkError(String(cString: PQerrorMessage(connection)))
        }
        return connection
    }
}
