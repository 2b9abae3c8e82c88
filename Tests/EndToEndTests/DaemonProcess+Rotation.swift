import Foundation
import SecretModel
import TestSupport

extension DaemonProcess {
    /// One daemon for all tests that neither stop nor configure it.
    static func shared() async throws -> DaemonProcess { try await Self.sharedDaemon.value }

    private static let sharedDaemon = Task { try await DaemonProcess() }

    /// As `systemctl stop` would.
    func stop() async throws { try await self.process.stop() }

    /// As a power failure would, as far as the process goes.
    func kill() async throws {
        try self.process.signal(SIGKILL)
        try await eventually("the end of the daemon") { !self.process.isRunning }
    }

    /// What a call of Keyturn's own command line that must succeed answers.
    @discardableResult
    func keyturn(_ arguments: String...) async throws -> JSONValue {
        let result = try await Command.run([Command.keyturn] + arguments + ["--output", "json"], environment: self.environment)
        guard result.exitCode == 0 else {
            throw FixtureError("keyturn \(arguments.joined(separator: " ")): exit code \(result.exitCode): \(result.errors)")
        }
        return try JSONValue(parsing: result.output)
    }

    /// What a script of `Scripts/`, in Python with boto3, prints.
    func script(_ name: String, _ arguments: String...) async throws -> JSONValue {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/\(name)").path
        let isolated = ["AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"]
        let result = try await Command.run(
            ["python3", path] + arguments,
            environment: isolated.merging(self.environment) { _, new in new }
        )
        guard result.exitCode == 0 else { throw FixtureError("\(name): \(result.errors)") }
        return try JSONValue(parsing: result.output)
    }

    /// `aws secretsmanager rotate-secret` with a rotator and rules.
    ///
    /// - Returns: The run's token.
    @discardableResult
    func rotate(_ secret: String, by rotator: String, rules: String = "AutomaticallyAfterDays=30") async throws -> String {
        let answer = try await self.answer(
            "rotate-secret",
            "--secret-id",
            secret,
            "--rotation-lambda-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:\(rotator)",
            "--rotation-rules",
            rules
        )
        guard let run = answer["VersionId"]?.stringValue else { throw FixtureError("rotate-secret answered \(answer.text)") }
        return run
    }

    /// The JSON that a label of a secret stands on.
    func value(_ secret: String, stage: String = "AWSCURRENT") async throws -> JSONValue {
        let answer = try await self.answer("get-secret-value", "--secret-id", secret, "--version-stage", stage)
        return try JSONValue(parsing: answer["SecretString"]?.stringValue ?? "")
    }
}
