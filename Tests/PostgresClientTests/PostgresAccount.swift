import PostgresClient
import SecretModel
import TestSupport

/// A role with a password in a database of its own on the shared server.
struct PostgresAccount {
    let server: PostgresServer
    let database: String
    let role: String
    let password = SecretValue(string: "right horse-battery")

    static let client = PostgresClient(threads: 8)

    init(_ attributes: String = "LOGIN") async throws {
        self.server = try await PostgresServer.shared()
        self.role = PostgresServer.uniqueName("client")
        self.database = try await self.server.makeDatabase()
        try await self.server.sql("CREATE ROLE \(self.role) \(attributes) PASSWORD 'right horse-battery'")
    }

    func login(host: String = "127.0.0.1", password: SecretValue? = nil, database: String? = nil) -> PostgresLogin {
        PostgresLogin(
            host: host,
            port: self.server.port,
            username: self.role,
            password: password ?? self.password,
            database: database ?? self.database,
            tls: .verifiedIfOffered
        )
    }

    /// Runs one statement in a session of its own.
    func run(_ statement: String, _ parameters: [String?] = [], as login: PostgresLogin? = nil) async throws -> [PostgresRow] {
        try await Self.client.withConnection(to: login ?? self.login(), deadline: .now + .seconds(60)) { connection throws(PostgresError) in
            try connection.run(statement, parameters)
        }
    }
}

/// The error of an operation that has to fail.
func failure(of operation: () async throws -> some Any) async throws -> PostgresError {
    do {
        _ = try await operation()
    } catch let error as PostgresError {
        return error
    }
    throw FixtureError("the operation was expected to fail")
}
