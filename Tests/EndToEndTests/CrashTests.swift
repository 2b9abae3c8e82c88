import Glibc
import SecretModel
import TestSupport
import Testing

/// The daemon's process is killed at each step, started again, and the run ends with the same token and the same value (I1, I2, I3).
@Suite(.timeLimit(.minutes(10))) struct CrashTests {
    /// A target and a data directory that outlive their daemons.
    private struct Site {
        let target: FileTarget
        private let scratch: ScratchDirectory
        private let rotators: String

        init(_ name: String) throws {
            self.scratch = try ScratchDirectory(name)
            self.target = try FileTarget(self.scratch, password: "at-first")
            self.rotators = try FileTarget.rotators(self.scratch)
        }

        /// A daemon on the same data as any before it.
        func start() async throws -> DaemonProcess {
            try await DaemonProcess(data: self.scratch.path(of: "data"), arguments: ["--rotators", self.rotators])
        }
    }

    @Test(arguments: ["setSecret", "after-setSecret", "testSecret", "after-testSecret", "finishSecret", "after-finishSecret"])
    func I1_I3_killedAtAStepTheRunEndsWithTheSameValue(moment: String) async throws {
        let site = try Site("crash")
        let target = site.target
        let daemon = try await site.start()
        try await daemon.answer("create-secret", "--name", "app", "--secret-string", target.value("at-first").text)
        try target.set("hold-\(moment)")
        let run = try await daemon.rotate("app", by: "file-target")
        let step = moment.replacing("after-", with: "")
        try await eventually("the call of \(step)", within: .seconds(30)) { try target.calls().contains { $0[0] == step } }
        try await daemon.kill()

        try target.clear("hold-\(moment)")
        let again = try await site.start()
        try await eventually("the end of the run", within: .seconds(60)) {
            let labels = try await again.answer("describe-secret", "--secret-id", "app")["VersionIdsToStages"]
            return labels?[run] == ["AWSCURRENT"]
        }
        let value = try await again.value("app")
        #expect(value["password"]?.stringValue == (try target.password()))
        let changes = try target.calls().filter { $0[0] == "setSecret" }
        #expect(Set(changes.map { $0[1] }) == [run])
        #expect(Set(changes.map { $0[2] }).count == 1, "I3: a retry brings the same value")
        try await again.stop()
    }

    @Test func aTerminatedDaemonFinishesTheStepThatRunsAndThePromotion() async throws {
        let site = try Site("term")
        let target = site.target
        let daemon = try await site.start()
        try await daemon.answer("create-secret", "--name", "app", "--secret-string", target.value("at-first").text)
        try target.set("hold-setSecret")
        let run = try await daemon.rotate("app", by: "file-target")
        try await eventually("setSecret", within: .seconds(30)) { try target.calls().contains { $0[0] == "setSecret" } }
        try daemon.process.signal(SIGTERM)
        try target.clear("hold-setSecret")
        try await eventually("the end of the daemon", within: .seconds(60)) { !daemon.process.isRunning }

        let again = try await site.start()
        let labels = try await again.answer("describe-secret", "--secret-id", "app")["VersionIdsToStages"]
        #expect(labels?[run] == ["AWSCURRENT"], "promoted before the daemon ended")
        #expect(try await again.value("app")["password"]?.stringValue == (try target.password()))
        #expect(try target.calls().filter { $0[0] == "setSecret" }.count == 1)
        try await again.stop()
    }

    @Test func I5_aRestartRotatesNothingThatWasNotDue() async throws {
        let site = try Site("restart")
        let target = site.target
        var daemon = try await site.start()
        try await daemon.answer("create-secret", "--name", "app", "--secret-string", target.value("at-first").text)
        try await daemon.rotate("app", by: "file-target", rules: "ScheduleExpression=rate(10 days),Duration=2h")
        try await eventually("the rotation", within: .seconds(30)) {
            try await daemon.answer("describe-secret", "--secret-id", "app")["LastRotatedDate"] != nil
        }
        let before = try await daemon.answer("describe-secret", "--secret-id", "app")
        for _ in 0..<3 {
            try await daemon.stop()
            daemon = try await site.start()
        }
        let after = try await daemon.answer("describe-secret", "--secret-id", "app")
        #expect(after["NextRotationDate"] == before["NextRotationDate"])
        #expect(after["VersionIdsToStages"] == before["VersionIdsToStages"])
        #expect(try target.calls().filter { $0[0] == "setSecret" }.count == 1)
        try await daemon.stop()
    }
}
