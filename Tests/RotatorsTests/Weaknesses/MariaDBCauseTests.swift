import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

/// What AWS's functions call "unable to log into database" for everything.
@Suite("MariaDB, causes told apart", .timeLimit(.minutes(10)))
struct MariaDBCauseTests {
    /// One way in which a login fails: what is done to the account or its value, and what the rotator has to say.
    struct Cause: CustomTestStringConvertible, Sendable {
        let name: String
        /// Statements of root; USER stands for the account.
        var statements = ""
        /// Members of the secret's value that are changed.
        var members: [(String, JSONValue)] = []
        let code: RotationFailure.Code
        let outcome: ProbeOutcome
        /// Words that the message or the hint must have.
        let words: [String]

        var testDescription: String { self.name }
    }

    static let causes = [
        Cause(
            name: "wrong password",
            statements: "SET PASSWORD FOR USER = PASSWORD('another')",
            code: .authFailed,
            outcome: .refused,
            words: ["refuses the pending, the current and the previous"]
        ),
        Cause(
            name: "a name that does not resolve",
            members: [("host", "no-such-host.invalid")],
            code: .targetUnreachable,
            outcome: .unreachable,
            words: ["no-such-host.invalid"]
        ),
        Cause(
            name: "TLS wanted, not offered",
            members: [("ssl", true)],
            code: .targetUnreachable,
            outcome: .unreachable,
            words: ["TLS", "tls_ca_file"]
        ),
        Cause(
            name: "too many connections of the account",
            statements: "ALTER USER USER WITH MAX_CONNECTIONS_PER_HOUR 1",
            code: .accountLocked,
            outcome: .locked,
            words: ["max_connections_per_hour"]
        ),
        Cause(
            name: "locked",
            statements: "ALTER USER USER ACCOUNT LOCK",
            code: .accountLocked,
            outcome: .locked,
            words: ["locked"]
        ),
        Cause(
            name: "expired",
            statements: "ALTER USER USER PASSWORD EXPIRE",
            code: .accountLocked,
            outcome: .locked,
            words: ["expired"]
        ),
    ]

    @Test("W5 A read-only server, such as a replica, is told as that: nothing was applied, and the rotation ends once it is a primary")
    func readOnly() async throws {
        let server = try await MariaDBServer.start(settings: ["--read-only"])
        try await server.sql("CREATE USER app@'%' IDENTIFIED BY 'first'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: "app", password: "first", hasAdmin: false)
        try await rotation.prepare()
        let failure = try await failure { try await rotation.set() }
        #expect(failure.code == .preconditionFailed && failure.applied == .no && failure.isRetryable, "\(failure)")
        #expect(failure.message.contains("read-only") && failure.hint?.contains("primary") == true)
        #expect(try await rotation.logsIn(rotation.current))
        try await server.sql("SET GLOBAL read_only = OFF")
        try await rotation.rotate()
    }

    @Test("W5 W6 Each cause has its own code, probe outcome and words, and quotes no value", arguments: causes)
    func told(cause: Cause) async throws {
        let server = try await MariaDBServer.shared()
        let user = MariaDBServer.uniqueName("cause")
        let canary = "canary-of-current"
        try await server.sql("CREATE USER \(user)@'%' IDENTIFIED BY '\(canary)'")
        var rotation = MariaDBRotation(.singleUser, on: server, user: user, password: canary, hasAdmin: false)
        rotation.current = MariaDBRotation.secret(user: user, password: canary, port: server.port, extra: cause.members)
        try await rotation.prepare()
        try await server.sql(cause.statements.replacing(" USER", with: " \(user)@'%'").replacing("ALTER \(user)@'%'", with: "ALTER USER"))
        // The first login of the hour is used up.
        if cause.statements.contains("PER_HOUR") { #expect(try await rotation.logsIn(rotation.current)) }
        let failure = try await failure { try await rotation.set() }
        #expect(failure.code == cause.code && failure.applied == .no)
        let probe = try await rotation.probe(.current)
        #expect(probe.outcome == cause.outcome)
        let text = failure.message + (failure.hint ?? "")
        for word in cause.words { #expect(text.contains(word), "\(text)") }
        let pending = try MariaDBRotation.password(rotation.pending)
        for said in [text, probe.failure?.message ?? ""] { #expect(!said.contains(canary) && !said.contains(pending)) }
    }
}
