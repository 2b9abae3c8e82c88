import CMariaDB
import MariaDBClient
import RotationModel
import Rotators
import SecretModel
import TestSupport

/// A MariaDB server without TLS, whose accounts use `mysql_native_password`.
struct MariaDBRotationTarget: RotationTarget {
    let engine = "mariadb"
    let bareName = "two logins and one SET PASSWORD by libmariadb"
    let secrets: [RotatedSecret]
    private let server: MariaDBServer
    private static let password = "the password of the bare account"

    init() async throws {
        let server = try await MariaDBServer.shared()
        try await server.sql("CREATE USER bare@'%' IDENTIFIED BY '\(Self.password)'")
        for user in ["one", "two", "three"] { try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY 'first'") }
        func value(_ user: String, _ password: String) -> JSONValue {
            [
                "engine": "mariadb", "host": "127.0.0.1", "port": .integer(server.port), "username": .string(user),
                "password": .string(password),
            ]
        }
        let admin = value("root", MariaDBServer.rootPassword)
        let client = MariaDBClient()
        self.server = server
        self.secrets = [
            try RotatedSecret(MariaDBRotator(strategy: .singleUser, client: client), current: value("one", "first")),
            try RotatedSecret(MariaDBRotator(strategy: .overlapping, client: client), current: value("two", "first"), admin: admin),
            try RotatedSecret(MariaDBRotator(strategy: .alternatingUsers, client: client), current: value("three", "first"), admin: admin),
        ]
    }

    func bareLogin() throws { mysql_close(try self.connect()) }

    func bareRotation() throws {
        let connection = try self.connect()
        defer { mysql_close(connection) }
        guard mysql_query(connection, "SET PASSWORD = PASSWORD('\(Self.password)')") == 0 else {
            throw RotationBenchmarkError(String(cString: mysql_error(connection)))
        }
        try self.bareLogin()
    }

    private func connect() throws -> UnsafeMutablePointer<MYSQL> {
        guard let connection = mysql_init(nil) else { throw RotationBenchmarkError("out of memory") }
        guard mysql_real_connect(connection, "127.0.0.1", "bare", Self.password, nil, UInt32(self.server.port), nil, 0) != nil else {
            defer { mysql_close(connection) }
            throw RotationBenchmarkError(String(cString: mysql_error(connection)))
        }
        return connection
    }
}
