import Foundation
import SecretModel
import TestSupport
import Testing

/// `aws-api.md`, held to one running daemon by boto3 and by requests that are signed by hand (`Scripts/contract`): shapes member by member,
/// every refusal with code, text and status, tokens, labels, filters, pages, values, and what stands before the operations.
@Suite(.timeLimit(.minutes(10))) struct ContractTests {
    /// Each script has a region of its own, so that they do not see each other's secrets; "filters" also has ap-south-1.
    @Test(
        arguments: [
            ("shapes", "eu-central-1"), ("errors", "eu-central-2"), ("idempotency", "eu-north-1"), ("labels", "eu-south-1"),
            ("filters", "eu-south-2"), ("values", "eu-west-3"), ("front_door", "ca-central-1"),
            ("sessions", "ap-northeast-1"),
        ]
    )
    func `the daemon keeps the contract`(_ script: String, _ region: String) async throws {
        let daemon = try await DaemonProcess.shared()
        let lines = try await daemon.lines(of: "contract/\(script).py", interpreter: ["python3"], region: region)
        for failure in lines.filter({ $0.hasPrefix("FAILED ") }) { Issue.record("\(script): \(failure)") }
        #expect(lines.count { $0.hasPrefix("ok ") } >= 8, "\(lines)")
        #expect(lines.last?.hasPrefix("tried ") == true, "the script ran to its end")
    }

    /// Issue 4's tutorial: nothing but the endpoint and the credentials are set.
    @Test func `the commands of a tutorial run as printed`() async throws {
        let server = try await PostgresServer.shared()
        let user = PostgresServer.uniqueName("e2e_tutorial")
        try await server.sql("CREATE ROLE \(user) LOGIN PASSWORD 'at-first'")
        let daemon = try await DaemonProcess()
        let lines = try await daemon.lines(
            of: "tutorial.sh",
            interpreter: ["bash"],
            ["127.0.0.1", "\(server.port)", user, "at-first"],
            region: "us-east-1"
        )
        #expect(lines.count { $0.hasPrefix("ok ") } == 16, "\(lines)")
        #expect(lines.last == "ok caching-client", "\(lines)")
        let password = try #require(try await daemon.value("production/database/credentials")["password"]?.stringValue)
        #expect(try await server.login(user, password) == user)
    }
}

extension DaemonProcess {
    /// What a script of `Scripts/` prints, line by line.
    func lines(of script: String, interpreter: [String], _ arguments: [String] = [], region: String) async throws -> [String] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/\(script)").path
        let isolated = [
            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PAGER": "", "PYTHONDONTWRITEBYTECODE": "1",
            "CONTRACT_REGION": region, "DAEMON_PID": "\(try self.process.processID())",
        ]
        let result = try await Command.run(
            interpreter + [path] + arguments,
            environment: isolated.merging(self.environment) { _, new in new }
        )
        let lines = result.output.split(separator: "\n").map(String.init)
        guard result.exitCode == 0 || lines.contains(where: { $0.hasPrefix("FAILED ") }) else {
            throw FixtureError("\(script) ended with \(result.exitCode): \(result.output)\(result.errors)")
        }
        return lines
    }
}
