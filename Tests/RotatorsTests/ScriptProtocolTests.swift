import Foundation
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

/// The rotator protocol, with small scripts (`rotator-protocol.md` §2).
@Suite(.timeLimit(.minutes(10)))
struct ScriptProtocolTests {
    private let fixture: ScriptFixture

    init() throws { self.fixture = try ScriptFixture() }

    struct Ending: Sendable, CustomTestStringConvertible {
        let body: String
        let code: RotationFailure.Code
        let isRetryable: Bool
        var applied = RotationFailure.Applied.unknown
        var testDescription: String { self.body }
    }

    @Test(arguments: [
        Ending(body: "exit 1", code: .internalError, isRetryable: true),
        Ending(body: "exit 64", code: .unsupported, isRetryable: false),
        Ending(body: "exit 65", code: .configInvalid, isRetryable: false),
        Ending(body: "exit 69", code: .targetUnreachable, isRetryable: true),
        Ending(body: "exit 70", code: .internalError, isRetryable: true),
        Ending(body: "exit 75", code: .conflict, isRetryable: true),
        Ending(body: "exit 76", code: .protocolError, isRetryable: true),
        Ending(body: "exit 77", code: .permissionDenied, isRetryable: false),
        Ending(body: "exit 78", code: .configInvalid, isRetryable: false),
        Ending(body: "kill -9 $$", code: .internalError, isRetryable: true),
        Ending(body: "echo done", code: .protocolError, isRetryable: true),
        Ending(body: "echo '[]'", code: .protocolError, isRetryable: true),
        Ending(body: #"echo '{"status":"maybe"}'"#, code: .protocolError, isRetryable: true),
        Ending(body: #"echo '{"status":"ok"}'; echo more"#, code: .protocolError, isRetryable: true),
        Ending(body: #"echo '{"status":"error","error":{"code":"what"}}'"#, code: .protocolError, isRetryable: true),
        Ending(
            body: #"echo '{"status":"error","error":{"code":"policy_rejected","message":"too short","applied":"no"}}'"#,
            code: .policyRejected,
            isRetryable: true,
            applied: .no
        ),
        Ending(
            body: #"echo '{"status":"error","error":{"code":"x_busy","retryable":false,"applied":"yes"}}'; exit 75"#,
            code: RotationFailure.Code(rawValue: "x_busy"),
            isRetryable: false,
            applied: .yes
        ),
        Ending(body: "exec yes", code: .protocolError, isRetryable: true),
    ])
    func `a failing setSecret has a typed cause`(_ ending: Ending) async throws {
        let rotator = try await self.fixture.script(ending.body)
        let context = try self.fixture.context()
        let failure = await #expect(throws: RotationFailure.self) { try await rotator.setSecret(context) }
        #expect(failure?.code == ending.code)
        #expect(failure?.isRetryable == ending.isRetryable)
        #expect(failure?.applied == ending.applied)
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.fixture.work.path).isEmpty, "the working directory is gone")
    }

    @Test func `the last line of stderr is the message`() async throws {
        let rotator = try await self.fixture.script("echo first >&2; echo '<3>no such cluster' >&2; echo >&2; exit 75")
        let context = try self.fixture.context()
        let failure = await #expect(throws: RotationFailure.self) { try await rotator.setSecret(context) }
        #expect(failure?.message == "no such cluster")
        #expect(self.fixture.log.lines.contains { $0.hasPrefix("error no such cluster") })
    }

    @Test func `an empty answer is ok, and stdin may stay unread`() async throws {
        let rotator = try await self.fixture.script("exit 0")
        let large = #"{"username":"app","password":"\#(String(repeating: "x", count: 60_000))"}"#
        let report = try await rotator.setSecret(try self.fixture.context(current: large, pending: large))
        #expect(report.message == nil)
    }

    @Test(arguments: [
        ("exit 0", ProbeOutcome.accepted), ("exit 1", .refused), ("exit 69", .unreachable), ("exit 75", .other), ("exit 77", .other),
        (#"echo '{"status":"error","error":{"code":"auth_failed"}}'"#, .refused),
        (#"echo '{"status":"error","error":{"code":"account_locked"}}'"#, .locked),
        (#"echo '{"status":"error","error":{"code":"timeout"}}'"#, .unreachable),
    ])
    func `answers are read as probes`(_ body: String, _ outcome: ProbeOutcome) async throws {
        let rotator = try await self.fixture.script(body)
        let report = await rotator.probe(.current, try self.fixture.context())
        #expect(report.outcome == outcome)
    }

    @Test func `without the verb probe, testSecret gets the candidate in the place of pending`() async throws {
        let rotator = try await self.fixture.script(#"test "$1" = testSecret && grep -q the-previous-one && exit 0; exit 1"#)
        let context = try self.fixture.context(previous: #"{"username":"app","password":"the-previous-one"}"#)
        #expect(await rotator.probe(.previous, context).outcome == .accepted)
        #expect(await rotator.probe(.pending, context).outcome == .refused)
    }

    @Test func `a script that overstays is ended with all that it started, and the target is in doubt`() async throws {
        let marker = self.fixture.work.path(of: "pid")
        let rotator = try await self.fixture.script("sleep 300 & echo $! >\(marker); trap '' HUP; wait")
        let context = try self.fixture.context(within: .seconds(1))
        let failure = await #expect(throws: RotationFailure.self) { try await rotator.setSecret(context) }
        #expect(failure?.code == .timeout)
        #expect(failure?.applied == .unknown)
        let child = try #require(pid_t(try readFile(marker).filter { $0 != "\n" }))
        try await eventually("the end of the script's child") { !isAlive(child) }
    }

    @Test func `what a script leaves running is killed when it ends`() async throws {
        let marker = self.fixture.work.path(of: "pid")
        let rotator = try await self.fixture.script("sleep 300 & echo $! >\(marker); exit 0")
        _ = try await rotator.setSecret(try self.fixture.context())
        let child = try #require(pid_t(try readFile(marker).filter { $0 != "\n" }))
        try await eventually("the end of the script's child") { !isAlive(child) }
    }

    @Test func `createSecret: declared, its answer; not declared, the named fields are generated`() async throws {
        let declared = #"{"protocols":["keyturn.rotator/v1"],"steps":["createSecret","setSecret","testSecret"]}"#
        let own = try await self.fixture.script(#"echo '{"status":"ok","string":"made by the script"}'"#, manifest: declared)
        #expect(try await own.createSecret(try self.fixture.context(pending: nil)).string == "made by the script")

        let generating =
            #"{"protocols":["keyturn.rotator/v1"],"steps":["setSecret","testSecret"],"generate":{"fields":["key"],"policy":{"length":40}}}"#
        let none = try await self.fixture.script("exit 0", manifest: generating, name: "other")
        let value = try await none.createSecret(try self.fixture.context(current: #"{"z":1.0,"key":"old","a":true}"#, pending: nil))
        let json = try JSONValue(parsing: try #require(value.string))
        #expect(json["key"]?.stringValue?.utf8.count == 40)
        #expect(json.members?.map(\.name) == ["z", "key", "a"], "everything else stays as its owner wrote it")
        #expect(json["z"] == .number("1.0"))
    }

    @Test func `a step gets the values that it needs, its settings, and members that it does not know`() async throws {
        let rotator = try await self.fixture.script(#"cat >"$TMPDIR/../request"; exit 0"#)
        _ = try await rotator.testSecret(try self.fixture.context(admin: #"{"password":"admin-password"}"#, options: ["flavour": "mild"]))
        let request = try JSONValue(parsing: try readFile(self.fixture.work.path(of: "request")))
        #expect(request["protocol"] == "keyturn.rotator/v1")
        #expect(request["step"] == "testSecret")
        #expect(request["run"]?["id"] == "11111111-2222-4333-8444-555555555555")
        #expect(request["versions"]?.members?.map(\.name) == ["pending"])
        #expect(request["admin"] == nil)
        #expect(request["config"]?["flavour"] == "mild")
        #expect(request.members?.contains { $0.name.hasPrefix("x-grease-") } == true)
        #expect(request["config"]?.members?.contains { $0.name.hasPrefix("x-grease-") } == true)
    }

    @Test func `where the credential lives`() async throws {
        let rotator = try await self.fixture.script("exit 0")
        let settings = RotatorSettings()
        let identity = try rotator.identity(
            of: SecretValue(string: #"{"engine":"demo","host":"DB.example","port":"7","username":"app"}"#),
            settings: settings
        )
        #expect(identity == TargetIdentity(target: "demo://db.example:7", account: "app"))
        #expect(throws: RotationFailure.self) { try rotator.identity(of: SecretValue(string: "plain"), settings: settings) }
    }
}

/// Whether a process runs; a zombie does not.
private func isAlive(_ process: pid_t) -> Bool {
    do {
        return try !readFile("/proc/\(process)/stat").contains(") Z ")
    } catch {
        return false
    }
}
