import TestSupport
import Testing

@testable import Rotators

@Suite struct ScriptLauncherTests {
    /// Runs a verb under a limit of the daemon's own, and says how the launcher ended.
    private func status(underFileLimit limit: Int, of path: String) async throws -> String {
        let command = ScriptLauncher.detected().command(path: path, verb: .probe, wallTime: .seconds(10))
        let words = ["/bin/sh", "-c", "ulimit -n \(limit); \"$0\" \"$@\" >/dev/null; echo $?", command.executable] + command.arguments
        return try await Tool.run(words, as: .forServer("nobody"))
    }

    @Test func `I4 limits that cannot be set, and a script that cannot be run, are never taken for a refused password`() async throws {
        try #require(ScriptLauncher.detected().level == .limits)
        #expect(try await self.status(underFileLimit: 300, of: "/bin/echo") == "0\n")
        #expect(try await self.status(underFileLimit: 100, of: "/bin/echo") == "71\n")
        #expect(try await self.status(underFileLimit: 300, of: "/nonexistent") == "127\n")
    }
}
