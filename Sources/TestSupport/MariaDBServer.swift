import Foundation
import NIOConcurrencyHelpers

/// A real MariaDB server of the tests' own, with `root` through the socket and over TCP.
///
/// Use `shared()`: one server for the whole test run, where each test makes its own accounts and databases under names from `uniqueName`.
/// Only a test that stops, hangs or reconfigures its server, or that adds anonymous accounts, starts one of its own.
///
/// The general log is on: every statement that the server reads is in `generalLog()`.
package final class MariaDBServer: Sendable {
    package let port: Int
    package let socketPath: String
    /// The password of `root`.
    package static let rootPassword = "Root-0f-the-tests"

    private let scratch: ScratchDirectory
    private let account: ServiceAccount?
    private let settings: [String]
    private let process: NIOLockedValueBox<ServerProcess?>
    private static let counter = NIOLockedValueBox(0)
    private static let sharedServer = Task { try await MariaDBServer.start() }

    /// The server of this test run, started at the first call.
    package static func shared() async throws -> MariaDBServer { try await self.sharedServer.value }

    /// Starts a server of its own.
    /// - Parameters:
    ///   - settings: Options of `mariadbd`, such as `--max-password-errors=5`.
    ///   - files: Files to put beside the data directory, such as `server.pem`; `path(of:)` names them.
    package static func start(settings: [String] = [], files: [String: String] = [:]) async throws -> MariaDBServer {
        let scratch = try ScratchDirectory("my")
        let account = ServiceAccount.forServer("mysql")
        for (name, text) in files { try scratch.write(text, to: name) }
        if let account { try scratch.give(to: account) }
        try await Tool.run(
            [
                try self.program("mariadb-install-db"), "--no-defaults", "--datadir=\(scratch.path(of: "data"))",
                "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-log-bin", "--tmpdir=\(scratch.path)",
            ],
            as: account
        )
        let server = MariaDBServer(port: try FreePort.next(), scratch: scratch, account: account, settings: settings)
        try await server.resume(rootPassword: nil)
        try await server.run("SET PASSWORD FOR root@localhost = PASSWORD('\(self.rootPassword)')", rootPassword: nil)
        // The installer's other accounts of root have no password; accounts without a name would shadow those of the tests.
        try await server.sql(
            """
            DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');
            FLUSH PRIVILEGES;
            CREATE USER root@'127.0.0.1' IDENTIFIED BY '\(self.rootPassword)';
            GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
            GRANT PROXY ON ''@'%' TO root@'127.0.0.1' WITH GRANT OPTION;
            """
        )
        return server
    }

    private init(port: Int, scratch: ScratchDirectory, account: ServiceAccount?, settings: [String]) {
        self.port = port
        self.socketPath = scratch.path(of: "s")
        self.scratch = scratch
        self.account = account
        self.settings = settings.map { $0.replacing("SCRATCH", with: scratch.path) }
        self.process = NIOLockedValueBox(nil)
    }

    private static func program(_ name: String) throws -> String {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let paths = (["/usr/sbin", "/usr/bin"] + path).map { "\($0)/\(name)" }
        guard let found = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw FixtureError("MariaDB's \(name) is not installed")
        }
        return found
    }

    /// Starts the server again after `stop`, with the same data on the same port.
    package func resume() async throws {
        try await self.resume(rootPassword: Self.rootPassword)
    }

    private func resume(rootPassword: String?) async throws {
        let process = try ServerProcess(
            "mariadbd",
            command: [
                try Self.program("mariadbd"), "--no-defaults", "--datadir=\(self.scratch.path(of: "data"))", "--socket=\(self.socketPath)",
                "--port=\(self.port)", "--bind-address=127.0.0.1", "--tmpdir=\(self.scratch.path)",
                "--pid-file=\(self.scratch.path(of: "pid"))",
                "--general-log=1", "--general-log-file=\(self.generalLogPath)", "--innodb-buffer-pool-size=16M",
                "--innodb-flush-log-at-trx-commit=0", "--key-buffer-size=1M", "--plugin-load-add=auth_ed25519", "--skip-log-bin",
            ] + self.settings,
            as: self.account,
            scratch: self.scratch,
            stopSignal: "KILL"
        )
        self.process.withLockedValue { $0 = process }
        try await process.waitUntilReady {
            do {
                try await self.run("SELECT 1", rootPassword: rootPassword)
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

    /// Sends the server a signal: while it hangs (SIGSTOP), connections are made and never answered.
    package func signal(_ signal: Int32) throws {
        try self.process.withLockedValue { $0 }?.signal(signal)
    }

    /// The path of a file in the server's directory.
    package func path(of name: String) -> String { self.scratch.path(of: name) }

    private var generalLogPath: String { self.scratch.path(of: "general.log") }

    /// Every statement that the server has read.
    package func generalLog() throws -> String { try readFile(self.generalLogPath) }

    /// The server's own log.
    package func log() throws -> String { try self.process.withLockedValue { $0 }?.log() ?? "" }

    /// Runs statements as `root` through the socket.
    /// - Returns: The rows, one a line, columns separated by tabs.
    @discardableResult
    package func sql(_ statements: String) async throws -> String {
        try await self.run(statements, rootPassword: Self.rootPassword)
    }

    @discardableResult
    private func run(_ statements: String, rootPassword: String?) async throws -> String {
        let output = try await Tool.run(
            [
                try Self.program("mariadb"), "--no-defaults", "--batch", "--skip-column-names", "--raw", "--user=root",
                "--socket=\(self.socketPath)", "--execute=\(statements)",
            ],
            environment: rootPassword.map { ["MYSQL_PWD": $0] } ?? [:]
        )
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
}
