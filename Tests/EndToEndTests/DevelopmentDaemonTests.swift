import Foundation
import SecretModel
import TestSupport
import Testing

@Suite struct DevelopmentDaemonTests {
    @Test func `prints what a shell needs, serves, and leaves nothing behind`() async throws {
        let daemon = try await DaemonProcess(arguments: ["--regions", "eu-central-1,us-east-1"])
        #expect(daemon.environment["AWS_DEFAULT_REGION"] == "eu-central-1")
        #expect(try #require(daemon.environment["AWS_ENDPOINT_URL"]).hasPrefix("https://127.0.0.1:"))
        let authority = try #require(daemon.environment["AWS_CA_BUNDLE"])
        #expect(authority.hasPrefix(daemon.temporary))
        #expect(try await daemon.aws("list-secrets").exitCode == 0)
        let elsewhere = try await daemon.aws("list-secrets", environment: ["AWS_DEFAULT_REGION": "ap-south-1"])
        #expect(elsewhere.errors.contains("Credential should be scoped to a valid region."))

        try await daemon.process.stop()
        #expect(try daemon.process.log().contains("server ended with status 0"))
        #expect(!FileManager.default.fileExists(atPath: (authority as NSString).deletingLastPathComponent))
    }

    @Test func `keeps secrets and access key in a data directory over a crash`() async throws {
        let scratch = try ScratchDirectory("data")
        let data = scratch.path(of: "store")
        let first = try await DaemonProcess(data: data)
        _ = try await first.answer("create-secret", "--name", "a", "--secret-string", "kept")
        try first.process.signal(SIGKILL)
        try await eventually("the end of the daemon") { !first.process.isRunning }

        let second = try await DaemonProcess(data: data)
        #expect(second.environment["AWS_SECRET_ACCESS_KEY"] == first.environment["AWS_SECRET_ACCESS_KEY"])
        #expect(try await second.answer("get-secret-value", "--secret-id", "a")["SecretString"]?.stringValue == "kept")
        try await second.process.stop()
        #expect(FileManager.default.fileExists(atPath: data + "/keyturn.db"))
    }

    @Test func `I8 no value, key or signature gets into the log`() async throws {
        let daemon = try await DaemonProcess(arguments: ["--log-level", "trace"])
        _ = try await daemon.answer("create-secret", "--name", "a", "--secret-string", "hunter2hunter2")
        _ = try await daemon.aws("put-secret-value", "--secret-id", "missing", "--secret-string", "hunter2hunter2")
        _ = try await daemon.aws("get-secret-value", "--secret-id", "a", environment: ["AWS_SECRET_ACCESS_KEY": "wrong-wrong"])
        let log = try daemon.process.log().split(separator: "\n").filter { !$0.hasPrefix("export ") }.joined(separator: "\n")
        let key = try #require(daemon.environment["AWS_SECRET_ACCESS_KEY"])
        #expect(log.contains("ready"))
        for secret in ["hunter2", key, "Signature="] { #expect(!log.contains(secret)) }
    }
}
