import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

/// What AWS's functions call "unable to log into database" for everything.
@Suite("PostgreSQL, causes told apart", .timeLimit(.minutes(10)))
struct PostgresCauseTests {
    /// One way in which a login fails: what is done to the account or its value, and what the rotator has to say.
    struct Cause: CustomTestStringConvertible, Sendable {
        let name: String
        /// Statements of the superuser; ROLE and DATABASE stand for the names.
        var statements = ""
        /// Members of the secret's value that are changed.
        var members: [String: JSONValue] = [:]
        let code: RotationFailure.Code
        let outcome: ProbeOutcome
        /// Words that the message or the hint must have.
        let words: [String]

        var testDescription: String { self.name }
    }

    static let causes = [
        Cause(
            name: "wrong password",
            statements: "ALTER ROLE ROLE PASSWORD 'another'",
            code: .authFailed,
            outcome: .refused,
            words: ["refuses the current, the pending and the previous"]
        ),
        Cause(
            name: "a name that does not resolve",
            members: ["host": "no-such-host.invalid"],
            code: .targetUnreachable,
            outcome: .unreachable,
            words: ["no-such-host.invalid"]
        ),
        Cause(
            name: "TLS wanted, not offered",
            members: ["ssl": true],
            code: .preconditionFailed,
            outcome: .other,
            words: ["SSL", "tls_ca_file"]
        ),
        Cause(
            name: "too many connections",
            statements: "ALTER ROLE ROLE CONNECTION LIMIT 0",
            code: .targetUnreachable,
            outcome: .unreachable,
            words: ["too many connections"]
        ),
        Cause(
            name: "unknown database",
            members: ["dbname": "no_such_database"],
            code: .notFound,
            outcome: .other,
            words: ["no_such_database", "does not exist"]
        ),
        Cause(
            name: "no right to connect",
            statements: "REVOKE CONNECT ON DATABASE DATABASE FROM PUBLIC",
            code: .permissionDenied,
            outcome: .other,
            words: ["permission denied for database"]
        ),
        Cause(
            name: "NOLOGIN",
            statements: "ALTER ROLE ROLE NOLOGIN",
            code: .accountLocked,
            outcome: .locked,
            words: ["not permitted to log in", "NOLOGIN"]
        ),
    ]

    @Test("W5 W6 Each cause has its own code, probe outcome and words, tries no other value, and quotes none", arguments: causes)
    func told(cause: Cause) async throws {
        let target = try await PostgresTarget(.singleUser)
        let canary = "canary-of-current"
        try await target.server.sql("ALTER ROLE \(target.role) PASSWORD '\(canary)'")
        target.current = try target.changed(target.current, cause.members.merging(["password": .string(canary)]) { first, _ in first })
        try await target.prepare()
        let statements = cause.statements.replacing("ROLE ROLE", with: "ROLE \(target.role)")
        try await target.server.sql(statements.replacing("DATABASE DATABASE", with: "DATABASE \(target.database)"))
        let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
        #expect(failure.code == cause.code)
        #expect(failure.applied == .no)
        let text = failure.message + (failure.hint ?? "")
        for word in cause.words { #expect(text.contains(word), "\(text)") }
        let pending = try #require(try target.json(target.pending)["password"]?.stringValue)
        let probe = await target.rotator.probe(.current, try target.context())
        #expect(probe.outcome == cause.outcome)
        for said in [text, probe.failure?.message ?? ""] { #expect(!said.contains(canary) && !said.contains(pending)) }
        // Only a refusal says that another value may be the live one.
        let tries = try target.server.log().ranges(of: "password authentication failed for user \"\(target.role)\"").count
        #expect(tries == (cause.outcome == .refused ? 3 : 0), "current, pending, and the probe of current")
    }

    @Test("W5 A server that is gone and one that hangs are unreachable, and nothing was applied")
    func server() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.prepare()
        let (current, pending) = (target.current, target.pending)
        let silent = try SilentListener()
        for (port, code) in [(try FreePort.next(), RotationFailure.Code.targetUnreachable), (silent.port, .timeout)] {
            target.current = try target.changed(current, ["port": .integer(port)])
            target.pending = try target.changed(pending, ["port": .integer(port)])
            let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context(limit: .milliseconds(500))) }
            #expect(failure.code == code && failure.applied == .no && failure.isRetryable)
        }
    }
}
