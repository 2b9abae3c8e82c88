import Foundation
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

/// I8 where scripts are concerned: whatever a script does with a value, it is in no log, error, argument or environment of ours.
@Suite(.timeLimit(.minutes(10)))
struct ScriptSecrecyTests {
    private let fixture: ScriptFixture

    init() throws { self.fixture = try ScriptFixture() }

    private static let password = ScriptFixture.password

    /// The password as it is, in JSON, URL-encoded, in base64 by itself and inside a longer text, and in hex.
    private static let forms = [
        password,
        "s3cret%2BPa%2Fss%26word%3F",
        Data(password.utf8).base64EncodedString(),
        Data("app:\(password)".utf8).base64EncodedString(),
        Data("user:\(password)@".utf8).base64EncodedString(),
        password.utf8.map { String(format: "%02x", $0) }.joined(),
        password.utf8.map { String(format: "%02X", $0) }.joined(),
    ]

    @Test(arguments: forms) func `I8 a value on stderr, in any encoding, reaches neither log nor error`(_ form: String) async throws {
        let rotator = try await self.fixture.script("printf '%s' 'could not send [\(form)] to the server' >&2; exit 75")
        let context = try self.fixture.context()
        let failure = try #require(await #expect(throws: RotationFailure.self) { try await rotator.setSecret(context) })
        #expect(failure.message.contains("«redacted:pending.password»"))
        let core = form.dropFirst(form.hasPrefix("YXBwO") || form.hasPrefix("dXNlc") ? 8 : 0).dropLast(4)
        for text in self.fixture.log.lines + [failure.message, "\(failure)"] { #expect(!text.contains(core)) }
    }

    @Test func `I8 a value that a truncation cut in two is not shown in halves`() async throws {
        // The password stands across the end of what is kept at the head.
        let body =
            #"head -c 32760 /dev/zero | tr '\0' a >&2; printf '%s' '\#(ScriptSecrecyTests.password)' >&2; "#
            + #"head -c 200000 /dev/zero | tr '\0' '\n' >&2; echo end >&2; exit 75"#
        let rotator = try await self.fixture.script(body)
        let context = try self.fixture.context()
        let failure = try #require(await #expect(throws: RotationFailure.self) { try await rotator.setSecret(context) })
        #expect(failure.message == "end")
        #expect(!self.fixture.log.lines.contains { $0.contains("s3cret") })
        #expect(self.fixture.log.lines.contains { $0.contains("bytes left out") })
    }

    @Test func `I8 a value in the answer's message, warnings or facts is redacted`() async throws {
        let leak = ScriptSecrecyTests.password
        let rotator = try await self.fixture.script(
            #"echo '{"status":"ok","message":"set \#(leak)","warnings":["\#(leak)"],"facts":{"user":"\#(leak)"}}'"#
        )
        let report = try await rotator.setSecret(try self.fixture.context())
        #expect(!"\(report)".contains(leak))
        let failing = try await self.fixture.script(
            #"echo '{"status":"error","error":{"code":"internal","message":"\#(leak)","hint":"try \#(leak)"}}'"#,
            name: "failing"
        )
        let context = try self.fixture.context()
        let failure = try #require(await #expect(throws: RotationFailure.self) { try await failing.setSecret(context) })
        #expect(!"\(failure)".contains(leak))
    }

    @Test func `I8 neither arguments nor environment of a script hold a value; the environment is built, not inherited`() async throws {
        setenv("KEYTURN_TEST_INHERITED", "must not get through", 1)
        let rotator = try await self.fixture.script(
            #"tr '\0' '\n' </proc/$$/environ >"$TMPDIR/../environment"; tr '\0' '\n' </proc/$$/cmdline >"$TMPDIR/../arguments"; "#
                + #"umask >"$TMPDIR/../umask"; stat -c %a "$TMPDIR" >>"$TMPDIR/../umask"; exit 0"#
        )
        _ = try await rotator.setSecret(try self.fixture.context())
        let environment = try readFile(self.fixture.work.path(of: "environment"))
        let arguments = try readFile(self.fixture.work.path(of: "arguments"))
        for value in [ScriptFixture.password, "the-old-one", "must not get through"] {
            #expect(!environment.contains(value) && !arguments.contains(value))
        }
        let names = Set(environment.split(separator: "\n").map { String($0.prefix { $0 != "=" }) })
        let expected: Set<String> = [
            "PATH", "LANG", "TZ", "HOME", "TMPDIR", "KEYTURN_PROTOCOL", "KEYTURN_STEP", "KEYTURN_RUN_ID", "KEYTURN_DRY_RUN",
        ]
        #expect(names.subtracting(["PWD", "OLDPWD", "SHLVL", "_"]) == expected)
        #expect(arguments.split(separator: "\n").last == "setSecret")
        #expect(try readFile(self.fixture.work.path(of: "umask")) == "0077\n700\n")
    }
}
