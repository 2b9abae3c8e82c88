import Foundation
import NIOConcurrencyHelpers

/// A real PostgreSQL server of the tests' own, with a superuser `postgres`.
///
/// Use `shared()`: one server for the whole test run, where each test makes its own databases and roles under names from `uniqueName`.
/// Only a test that stops, hangs or reconfigures its server starts one of its own.
///
/// Who may log in how (`pg_hba.conf`): `postgres` through the socket without a password; members of `trusted_accounts` everywhere without a
/// password; members of `md5_accounts` by md5; everyone else by scram-sha-256. Every statement is logged.
package final class PostgresServer: Sendable {
    package let port: Int
    /// The directory of the Unix socket.
    package let socketDirectory: String
    /// The password of `postgres` over TCP.
    package static let superuserPassword = "superuser-of-the-tests"

    private let scratch: ScratchDirectory
    private let account: ServiceAccount?
    private let process: NIOLockedValueBox<ServerProcess?>
    private static let counter = NIOLockedValueBox(0)
    private static let sharedServer = Task { try await PostgresServer.start() }

    /// The server of this test run, started at the first call.
    package static func shared() async throws -> PostgresServer { try await self.sharedServer.value }

    /// Starts a server of its own.
    /// - Parameters:
    ///   - settings: Lines for `postgresql.conf`.
    ///   - files: Files to put into the data directory, such as `server.crt`.
    package static func start(settings: [String] = [], files: [String: String] = [:]) async throws -> PostgresServer {
        let scratch = try ScratchDirectory("pg")
        let account = ServiceAccount.forServer("postgres")
        let data = scratch.path(of: "data")
        try scratch.write(self.superuserPassword, to: "password")
        if let account { try scratch.give(to: account) }
        try await Tool.run(
            [
                try self.program("initdb"), "--pgdata=\(data)", "--username=postgres", "--pwfile=\(scratch.path(of: "password"))",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
            ],
            as: account
        )
        let port = try FreePort.next()
        let configuration = self.configuration(port: port, socketDirectory: scratch.path) + settings
        try scratch.write(configuration.joined(separator: "\n") + "\n", to: "data/postgresql.conf")
        try scratch.write(self.access, to: "data/pg_hba.conf")
        for (name, text) in files { try scratch.write(text, to: "data/\(name)") }
        if let account { try scratch.give(to: account) }
        let server = PostgresServer(port: port, scratch: scratch, account: account)
        try await server.resume()
        try await server.sql("CREATE ROLE trusted_accounts NOLOGIN; CREATE ROLE md5_accounts NOLOGIN")
        return server
    }

    private init(port: Int, scratch: ScratchDirectory, account: ServiceAccount?) {
        self.port = port
        self.socketDirectory = scratch.path
        self.scratch = scratch
        self.account = account
        self.process = NIOLockedValueBox(nil)
    }

    private static func configuration(port: Int, socketDirectory: String) -> [String] {
        [
            "port = \(port)", "listen_addresses = '127.0.0.1,::1'", "unix_socket_directories = '\(socketDirectory)'",
            "max_connections = 120", "shared_buffers = 24MB", "dynamic_shared_memory_type = mmap",
            "fsync = off", "full_page_writes = off", "autovacuum = off",
            "log_statement = all", "log_connections = on", "log_line_prefix = '%p %u@%d '", "lc_messages = 'C'",
            "password_encryption = 'scram-sha-256'",
        ]
    }

    private static let access = """
        local all postgres trust
        local all +trusted_accounts trust
        host all +trusted_accounts all trust
        host all +md5_accounts all md5
        local all all scram-sha-256
        host all all all scram-sha-256

        """

    /// The program of the newest PostgreSQL here: `KEYTURN_POSTGRES_BIN`, Debian's directories, or the PATH.
    private static func program(_ name: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        var directories = environment["KEYTURN_POSTGRES_BIN"].map { [$0] } ?? []
        if FileManager.default.fileExists(atPath: "/usr/lib/postgresql") {
            let versions = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql").compactMap { Int($0) }
            directories += versions.sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        }
        directories += (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let paths = directories.map { "\($0)/\(name)" }
        guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw FixtureError("PostgreSQL's \(name) is not installed")
        }
        return path
    }

    /// Starts the server again after `stop`, with the same data on the same port.
    package func resume() async throws {
        let process = try ServerProcess(
            "postgres",
            command: [try Self.program("postgres"), "-D", self.scratch.path(of: "data")],
            as: self.account,
            scratch: self.scratch,
            stopSignal: "QUIT"
        )
        self.process.withLockedValue { $0 = process }
        try await process.waitUntilReady {
            do {
                try await self.sql("SELECT 1")
                return true
            } catch {
                return false
            }
        }
    }

    /// Stops the server at once: clients lose their connections. Its data stay.
    package func stop() async throws {
        try await self.process.withLockedValue { $0 }?.stop()
    }

    /// Sends the server's first process a signal: while it hangs (SIGSTOP), connections are made and never answered.
    package func signal(_ signal: Int32) throws {
        try self.process.withLockedValue { $0 }?.signal(signal)
    }

    /// The server's own log.
    package func log() throws -> String { try self.process.withLockedValue { $0 }?.log() ?? "" }

    /// Runs statements as `postgres` through the socket.
    /// - Returns: The rows of the last one, one a line, columns separated by `|`.
    @discardableResult
    package func sql(_ statements: String, database: String = "postgres") async throws -> String {
        let output = try await Tool.run([
            try Self.program("psql"), "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1",
            "--host=\(self.socketDirectory)", "--port=\(self.port)", "--username=postgres", "--dbname=\(database)",
            "--command=\(statements)",
        ])
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// A name that no other test of this run uses.
    package static func uniqueName(_ stem: String) -> String {
        let number = self.counter.withLockedValue { counter in
            counter += 1
            return counter
        }
        return "\(stem)_\(number)"
    }

    /// Makes an empty database and returns its name.
    package func makeDatabase(owner: String? = nil) async throws -> String {
        let name = Self.uniqueName("db")
        try await self.sql("CREATE DATABASE \(name)" + (owner.map { " OWNER \"\($0)\"" } ?? ""))
        return name
    }
}
