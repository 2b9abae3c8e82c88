import SecretModel
import TestSupport

/// A real daemon, started with `keyturn dev`, and clients that know nothing of Keyturn but the environment it prints.
final class DaemonProcess: Sendable {
    let process: ServerProcess
    /// What the `export` lines say, and what the daemon was started with: for its clients.
    let environment: [String: String]
    /// The directory in which the daemon makes its scratch directory.
    let temporary: String

    /// - Parameters:
    ///   - data: An installation that stays over restarts; `nil` for a scratch one.
    ///   - arguments: Of `keyturn dev`.
    ///   - wrapper: A command that runs the command that follows it as the same process.
    ///   - environment: For the daemon, and for those of its clients that take `environment`.
    init(
        data: String? = nil,
        arguments: [String] = [],
        wrapper: [String] = [],
        environment: [String: String] = [:]
    ) async throws {
        let scratch = try ScratchDirectory("dev")
        self.temporary = scratch.path
        let variables = environment.merging(["TMPDIR": scratch.path]) { _, new in new }.map { "\($0.key)=\($0.value)" }
        let command = ["/usr/bin/env"] + variables + wrapper + [Command.keyturn, "dev"] + arguments + (data.map { ["--data", $0] } ?? [])
        let process = try ServerProcess("keyturn", command: command, as: nil, scratch: scratch, stopSignal: "TERM")
        try await process.waitUntilReady(within: .seconds(30)) {
            (try? process.log().split(separator: "\n").contains("# ready")) ?? false
        }
        self.process = process
        let exports = try process.log().split(separator: "\n").filter { $0.hasPrefix("export ") }
        let printed = exports.compactMap { line -> (String, String)? in
            let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
            return parts.count == 2 ? (String(parts[0]), parts[1] == "''" ? "" : String(parts[1])) : nil
        }
        self.environment = environment.merging(printed) { _, new in new }
    }

    func aws(_ arguments: String..., environment: [String: String] = [:]) async throws -> Command {
        let isolated = [
            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": "",
        ]
        return try await Command.run(
            ["aws", "secretsmanager"] + arguments,
            environment: isolated.merging(self.environment) { _, new in new }.merging(environment) { _, new in new }
        )
    }

    /// What a call of the aws command line that must succeed answers.
    @discardableResult
    func answer(_ arguments: String...) async throws -> JSONValue {
        try await self.answer(of: "secretsmanager", arguments)
    }

    /// The same of another service; `null` where it answers nothing.
    @discardableResult
    func answer(of service: String, _ arguments: String...) async throws -> JSONValue {
        try await self.answer(of: service, arguments)
    }

    private func answer(of service: String, _ arguments: [String]) async throws -> JSONValue {
        let isolated = ["AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PAGER": ""]
        let result = try await Command.run(
            ["aws", service] + arguments + ["--output", "json"],
            environment: isolated.merging(self.environment) { _, new in new }
        )
        guard result.exitCode == 0 else { throw FixtureError("aws \(arguments.joined(separator: " ")): \(result.errors)") }
        return result.output.isEmpty ? .null : try JSONValue(parsing: Array(result.output.utf8))
    }

    func python(_ program: String) async throws -> Command {
        let isolated = ["AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"]
        return try await Command.run(["python3", "-c", program], environment: isolated.merging(self.environment) { _, new in new })
    }
}
