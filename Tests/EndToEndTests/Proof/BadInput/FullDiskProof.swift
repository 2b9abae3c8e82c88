import Foundation
import SecretModel
import TestSupport
import Testing

/// A full disk under the store: nothing is lost (I1), and once there is space all goes on by itself. Until then nobody reads or writes a value,
/// since neither could be put on record.
@Suite(.timeLimit(.minutes(10))) struct FullDiskProof {
    /// A daemon whose data directory is a small file system of its own, which nobody else sees and which goes when the daemon goes.
    private struct Site {
        let scratch: ScratchDirectory
        let target: FileTarget
        let daemon: DaemonProcess
        /// The data directory as it can be reached from here.
        private let data: String

        init() async throws {
            self.scratch = try ScratchDirectory("full")
            self.target = try FileTarget(self.scratch, password: "at-first")
            let (data, rotators) = (self.scratch.path(of: "data"), try FileTarget.rotators(self.scratch))
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
            // Clients cannot see the certificate of the authority in there.
            let mount = """
                mount -t tmpfs -o size=4m,mode=0700 none \(data) && echo 'plain_http: true' > \(data)/keyturn.yaml && exec "$0" "$@"
                """
            self.daemon = try await DaemonProcess(
                data: data,
                arguments: ["--rotators", rotators],
                wrapper: ["unshare"] + (geteuid() == 0 ? [] : ["--map-root-user"]) + ["--mount", "sh", "-c", mount]
            )
            let process = try readFile(self.daemon.process.logPath + ".pid").filter { $0 != "\n" }
            self.data = "/proc/\(process)/root\(data)"
        }

        func fill() async throws {
            let result = try await Command.run(["dd", "if=/dev/zero", "of=\(self.data)/filler", "bs=512"])
            try Proof.expect(result.errors.contains("No space left"), "the disk is not full: \(result.errors)")
        }

        func makeSpace() throws { try FileManager.default.removeItem(atPath: self.data + "/filler") }

        func put(_ name: String, _ value: String) async throws -> Command {
            let file = try self.scratch.write(value, to: "value")
            return try await Command.run([Command.keyturn, "secret", "put", name, "@\(file)"], environment: self.daemon.environment)
        }

        func get(_ name: String, _ stage: String = "AWSCURRENT") async throws -> String {
            try await self.daemon.keyturn("secret", "get", name, "--stage", stage)["SecretString"]?.stringValue ?? ""
        }

        func password(_ name: String, _ stage: String = "AWSCURRENT") async throws -> String {
            try JSONValue(parsing: try await self.get(name, stage))["password"]?.stringValue ?? ""
        }
    }

    @Test func I1_aFullDiskLosesNothing() async throws {
        let site = try await Site()
        let put = try await site.put("kept", "before")
        try #require(put.exitCode == 0, "\(put.errors)")
        let made = try await site.put("app", site.target.value("at-first").text)
        try #require(made.exitCode == 0, "\(made.errors)")

        await Proof.case("bad-input/full-disk/at-rest") {
            try await site.fill()
            let refused = try await site.put("kept", "while full")
            try Proof.expect(
                refused.exitCode == 1 && refused.errors.contains("InternalServiceError"),
                "\(refused.exitCode) \(refused.errors)"
            )
            try Proof.expect(refused.errors.contains("the daemon's log has more"), "not said where to look: \(refused.errors)")
            let log = try site.daemon.process.log()
            try Proof.expect(log.contains("there is no space left for the store; free some"), "the log does not say why: \(log)")
            let unrecorded = try await site.daemon.aws("get-secret-value", "--secret-id", "kept")
            try Proof.expect(
                unrecorded.errors.contains("InternalServiceError") && !unrecorded.output.contains("before"),
                "a value was read that is on no record: \(unrecorded.output) \(unrecorded.errors)"
            )
            try site.makeSpace()
            try Proof.expect(try await site.get("kept") == "before", "the old value cannot be read")
            try Proof.expect(try await site.put("kept", "after").exitCode == 0, "refused although there is space again")
            try Proof.expect(try await site.get("kept") == "after", "the new value was not kept")
        }
        await Proof.case("bad-input/full-disk/in-the-middle-of-a-rotation") {
            try site.target.set("hold-setSecret")
            try await site.daemon.rotate("app", by: "file-target")
            try await eventually("setSecret", within: .seconds(30)) { try site.target.calls().contains { $0[0] == "setSecret" } }
            try await site.fill()
            try site.target.clear("hold-setSecret")
            try await eventually("the change of the target", within: .seconds(30)) { try site.target.password() != "at-first" }
            let live = try site.target.password()
            try await eventually("a word in the log", within: .seconds(30)) {
                try site.daemon.process.log().contains("stopped: the store cannot be used")
            }
            try site.makeSpace()
            try Proof.expect(try await site.password("app", "AWSPENDING") == live, "I1: the store does not hold the live password")
            // The run is found again when its lease is over.
            guard Proof.isLong else { return }
            try await eventually("the end of the run", within: .seconds(300)) {
                // Each read is put on record: asked without a pause, they would fill the small disk again.
                try await Task.sleep(for: .seconds(1))
                return try await site.password("app") == live
            }
            try Proof.expect(Set(try site.target.calls().filter { $0[0] == "setSecret" }.map { $0[2] }).count == 1, "I3: two values")
        }
        try await site.daemon.stop()
    }
}
