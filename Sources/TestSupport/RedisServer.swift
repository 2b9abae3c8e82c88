import Subprocess

/// A real Redis server of the tests' own, with an ACL file and the administrator `default`.
package final class RedisServer: Sendable {
    package let port: Int
    package static let adminPassword = "admin-of-the-tests"

    private let process: ServerProcess

    /// Starts a server of its own; it listens on 127.0.0.1.
    package static func start() async throws -> RedisServer {
        let scratch = try ScratchDirectory("redis")
        let account = ServiceAccount.forServer("redis")
        let port = try FreePort.next()
        try scratch.write("user default on >\(self.adminPassword) ~* &* +@all\n", to: "users.acl")
        let configuration = [
            "port \(port)", "bind 127.0.0.1", "dir \(scratch.path)", "aclfile \(scratch.path(of: "users.acl"))", "save \"\"",
        ]
        try scratch.write(configuration.joined(separator: "\n") + "\n", to: "redis.conf")
        if let account { try scratch.give(to: account) }
        let process = try ServerProcess(
            "redis",
            command: ["/usr/bin/redis-server", scratch.path(of: "redis.conf")],
            as: account,
            scratch: scratch,
            stopSignal: "TERM"
        )
        let server = RedisServer(port: port, process: process)
        try await process.waitUntilReady {
            do {
                return try await server.command("PING") == "PONG"
            } catch {
                return false
            }
        }
        return server
    }

    private init(port: Int, process: ServerProcess) {
        self.port = port
        self.process = process
    }

    package func stop() async throws { try await self.process.stop() }

    /// Runs one command as `default`.
    /// - Returns: What redis-cli prints, without the last newline.
    @discardableResult
    package func command(_ words: String...) async throws -> String {
        try await self.run(words, user: "default", password: RedisServer.adminPassword)
    }

    /// Whether this user logs in with this password.
    package func accepts(user: String, password: String) async throws -> Bool {
        // Without a right on any command, a user that is logged in gets NOPERM, and one that is not NOAUTH.
        let answer = try await self.run(["PING"], user: user, password: password)
        return answer == "PONG" || answer.hasPrefix("NOPERM")
    }

    private func run(_ words: [String], user: String, password: String) async throws -> String {
        let output = try await Tool.run(
            ["redis-cli", "-h", "127.0.0.1", "-p", "\(self.port)", "--user", user, "--no-auth-warning"] + words,
            environment: ["REDISCLI_AUTH": password]
        )
        return String(output.prefix { $0 != "\n" })
    }
}
