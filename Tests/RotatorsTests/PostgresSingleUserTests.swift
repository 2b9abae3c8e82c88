import Glibc
import PostgresClient
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("PostgreSQL, single user")
struct PostgresSingleUserTests {
    @Test("Three rotations in a row: the new password logs in, the old one does not, the rest of the value stays")
    func severalRotations() async throws {
        let target = try await PostgresTarget(.singleUser)
        for _ in 0..<3 {
            let report = try await target.rotate()
            #expect(report.account == target.role)
            #expect(try await target.logsIn(target.current))
            #expect(try await !target.logsIn(target.previous))
            let names = try target.json(target.current).members?.map(\.name)
            #expect(names == ["engine", "host", "port", "username", "password", "dbname", "note"])
        }
    }

    @Test("I8 W4 Neither the old nor the new password is in the server's log, which has every statement")
    func serverLog() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.rotate()
        try await target.rotate()
        let log = try target.server.log()
        #expect(log.contains("ALTER ROLE \"\(target.role)\" PASSWORD"))
        for value in [target.current, target.previous] {
            let password = try #require(try target.json(value)["password"]?.stringValue)
            #expect(!log.contains(password))
        }
    }

    @Test("I3 I4 A step that is repeated after its answer was lost changes nothing more")
    func repeatedStep() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.prepare()
        let pending = try #require(target.pending)
        _ = try await target.rotator.setSecret(try target.context())
        let verifier = "SELECT rolpassword FROM pg_authid WHERE rolname = '\(target.role)'"
        let before = try await target.server.sql(verifier)
        let report = try await target.rotator.setSecret(try target.context(attempt: 2))
        #expect(report.message == "the pending password was set already")
        #expect(try await target.server.sql(verifier) == before)
        let again = try await target.rotator.createSecret(try target.context(attempt: 2))
        #expect(again.isSame(as: pending), "createSecret never replaces the value of a run")
        _ = try await target.rotator.testSecret(try target.context(attempt: 2))
    }

    @Test("I4 The previous password still works after somebody restored a backup")
    func restored() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.rotate()
        try await target.server.sql("ALTER ROLE \(target.role) PASSWORD 'first'")
        try await target.rotate()
        #expect(try await target.logsIn(target.current))
    }

    @Test("W16 When nothing of ours logs in, the admin secret sets the password, and says so; without one the step fails")
    func adminResets() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.server.sql("ALTER ROLE \(target.role) PASSWORD 'changed by hand'")
        try await target.prepare()
        let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
        #expect(failure.code == .authFailed)
        #expect(failure.applied == .no)
        target.hasAdmin = true
        let report = try await target.rotator.setSecret(try target.context())
        #expect(report.warnings.count == 1)
        _ = try await target.rotator.testSecret(try target.context())
        #expect(try await target.logsIn(target.pending))
    }

    @Test("An admin secret does not change a superuser unasked, and cannot be aimed elsewhere")
    func protectedAccount() async throws {
        let target = try await PostgresTarget(.singleUser, attributes: "SUPERUSER")
        target.hasAdmin = true
        try await target.server.sql("ALTER ROLE \(target.role) PASSWORD 'changed by hand'")
        try await target.prepare()
        #expect(try await rotationFailure { try await target.rotator.setSecret(try target.context()) }.code == .configInvalid)
        target.settings.options["account"] = "somebody_else"
        let bound = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
        #expect(bound.code == .configInvalid)
        #expect(bound.message.contains("somebody_else"))
    }

    @Test("A pending value of another account or host is refused before any login (confused deputy)")
    func confusedDeputy() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.prepare()
        let pending = target.pending
        for members in [["username": "postgres"], ["host": "db.example.com"]] as [[String: JSONValue]] {
            target.pending = try target.changed(pending, members)
            #expect(try await rotationFailure { try await target.rotator.setSecret(try target.context()) }.code == .configInvalid)
        }
        #expect(try await target.logsIn(target.current))
    }

    @Test("W11 Under trust authentication the password is set, but the login is no proof and the test fails")
    func trust() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.server.sql("GRANT trusted_accounts TO \(target.role)")
        try await target.prepare()
        let probe = await target.rotator.probe(.pending, try target.context())
        #expect(probe.outcome == .accepted)
        #expect(!probe.isProof)
        _ = try await target.rotator.setSecret(try target.context())
        let failure = try await rotationFailure { try await target.rotator.testSecret(try target.context()) }
        #expect(failure.code == .configInvalid)
        try await target.server.sql("REVOKE trusted_accounts FROM \(target.role)")
        _ = try await target.rotator.testSecret(try target.context())
        let proven = await target.rotator.probe(.pending, try target.context())
        #expect(proven.outcome == .accepted && proven.isProof)
    }

    @Test("W11 A test of the configuration, which sets nothing, tries a wrong password; a step after setSecret does not")
    func wrongPassword() async throws {
        let target = try await PostgresTarget(.singleUser)
        func refusals() throws -> Int {
            try target.server.log().ranges(of: "password authentication failed for user \"\(target.role)\"").count
        }
        try await target.rotate()
        #expect(try refusals() == 0)
        target.pending = target.current
        let report = try await target.rotator.testSecret(try target.context(trigger: .test))
        #expect(report.message?.contains("a wrong password is refused") == true)
        #expect(try refusals() == 1)
    }

    @Test("W19 A rotation makes two connections; W3 once the server offers TLS, they are encrypted at once")
    func connections() async throws {
        let authority = try await TestAuthority()
        let issued = try await authority.issue(for: ["IP:127.0.0.1"])
        let server = try await PostgresServer.start(
            settings: ["ssl_cert_file = 'server.crt'", "ssl_key_file = 'server.key'"],
            files: ["server.crt": issued.certificate, "server.key": issued.key]
        )
        let target = try await PostgresTarget(.singleUser, on: server)
        target.settings.options["tls_ca_file"] = authority.certificatePath
        func count(_ text: String) throws -> Int { try server.log().ranges(of: text).count }
        // The first login of all finds that the server has no TLS.
        try await target.rotate()
        let before = try count("connection received: host=127.0.0.1")
        try await target.rotate()
        #expect(try count("connection received: host=127.0.0.1") - before == 2)
        #expect(try count("SSL enabled") == 0)
        try await server.sql("ALTER SYSTEM SET ssl = on")
        try await server.sql("SELECT pg_reload_conf()")
        try await eventually("TLS is on") { try await server.sql("SHOW ssl") == "on" }
        try await target.rotate()
        #expect(try count("user=\(target.role) database=\(target.database) application_name=keyturn SSL enabled") == 2)
    }

    @Test("Probes tell refused from unreachable, and log in once")
    func probes() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.prepare()
        let refused = await target.rotator.probe(.pending, try target.context())
        #expect(refused.outcome == .refused)
        #expect(refused.failure?.code == .authFailed)
        let failed = "password authentication failed for user \"\(target.role)\""
        #expect(try target.server.log().ranges(of: failed).count == 1)
        target.current = try target.changed(target.current, ["port": .integer(try FreePort.next())])
        #expect(await target.rotator.probe(.current, try target.context()).outcome == .unreachable)
        target.current = try target.changed(target.current, ["host": "no-such-host.invalid"])
        #expect(await target.rotator.probe(.current, try target.context()).outcome == .unreachable)
        #expect(await target.rotator.probe(.previous, try target.context()).outcome == .other)
    }

    @Test("I10 A server that never answers costs no more than the deadline, and proves nothing")
    func silentServer() async throws {
        let target = try await PostgresTarget(.singleUser)
        let silent = try SilentListener()
        target.current = try target.changed(target.current, ["port": .integer(silent.port)])
        try await target.prepare()
        let start = ContinuousClock.now
        let failure = try await rotationFailure {
            try await target.rotator.setSecret(try target.context(limit: .milliseconds(400)))
        }
        #expect(failure.code == .timeout)
        #expect(failure.applied == .no)
        #expect(failure.probeOutcome == .unreachable)
        #expect(ContinuousClock.now - start < .seconds(4), "less than the connect timeout")
    }

    @Test("A change whose answer never came is applied: unknown")
    func lostAnswer() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.prepare()
        let (server, role) = (target.server, target.role)
        // A lock on the role's row makes ALTER ROLE wait.
        let holder = Task { try await server.sql("BEGIN; ALTER ROLE \(role) CONNECTION LIMIT 50; SELECT pg_sleep(20); ROLLBACK") }
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%\(role) CONN%'"
        try await eventually("the row is locked") { try await server.sql(waiting) == "1" }
        // By itself the server would end the statement, and say so, before the deadline.
        let stopper = Task {
            let waiting = "SELECT max(pid) FROM pg_stat_activity WHERE usename = '\(role)' AND wait_event_type = 'Lock'"
            var process: Int32?
            try await eventually("ALTER ROLE waits") {
                process = Int32(try await server.sql(waiting))
                return process != nil
            }
            guard let process, kill(process, SIGSTOP) == 0 else { throw FixtureError("the server's process cannot be stopped") }
            return process
        }
        let failure = try await rotationFailure {
            try await target.rotator.setSecret(try target.context(limit: .seconds(8)))
        }
        kill(try await stopper.value, SIGCONT)
        #expect(failure.code == .timeout)
        #expect(failure.applied == .unknown)
        holder.cancel()
        _ = await holder.result
    }

    @Test("W20 A password that the server's policy refuses is told apart, and nothing has changed")
    func policy() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.server.sql("ALTER DATABASE \(target.database) SET session_preload_libraries = 'passwordcheck'")
        // passwordcheck sees a verifier; the one password that it can still recognise is the account's name.
        target.pending = try target.changed(target.current, ["password": .string(target.role)])
        let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
        #expect(failure.code == .policyRejected)
        #expect(failure.applied == .no)
        #expect(try await target.logsIn(target.current))
    }

    @Test("W12 W13 Read-only defaults, a role that becomes another at login, and strange names do not stop a rotation")
    func awkwardAccounts() async throws {
        let target = try await PostgresTarget(.singleUser, role: "we\"ird %user")
        let name = "\"\(target.role.replacing("\"", with: "\"\""))\""
        let owner = PostgresServer.uniqueName("own")
        try await target.server.sql(
            """
            CREATE ROLE \(owner); GRANT \(owner) TO \(name); ALTER ROLE \(name) SET role = \(owner);
            ALTER ROLE \(name) SET default_transaction_read_only = on; ALTER ROLE \(name) SET search_path = 'nowhere'
            """
        )
        try await target.rotate()
        try await target.rotate()
        #expect(try await target.logsIn(target.current))
    }

    @Test("A server that keeps md5 verifiers gets one")
    func md5() async throws {
        let target = try await PostgresTarget(.singleUser)
        try await target.server.sql(
            "GRANT md5_accounts TO \(target.role); ALTER DATABASE \(target.database) SET password_encryption = 'md5'"
        )
        try await target.rotate()
        #expect(try await target.server.sql("SELECT rolpassword LIKE 'md5%' FROM pg_authid WHERE rolname = '\(target.role)'") == "t")
        #expect(try await target.logsIn(target.current))
    }

    @Test("IPv6, the Unix socket, a port as a string and other spellings of the engine are taken")
    func spellings() async throws {
        let target = try await PostgresTarget(.singleUser)
        let port = JSONValue.string(String(target.server.port))
        target.current = try target.changed(target.current, ["host": "::1", "port": port, "engine": "aurora-postgresql"])
        try await target.rotate()
        target.current = try target.changed(target.current, ["host": .string(target.server.socketDirectory), "ssl": true])
        try await target.rotate()
        #expect(try await target.logsIn(target.current))
    }

    @Test("W3 A secret that wants TLS is not rotated over clear text")
    func tlsRequired() async throws {
        let target = try await PostgresTarget(.singleUser)
        target.current = try target.changed(target.current, ["ssl": true])
        try await target.prepare()
        let failure = try await rotationFailure { try await target.rotator.setSecret(try target.context()) }
        #expect(failure.code == .preconditionFailed)
        #expect(failure.hint?.contains("tls_ca_file") == true)
        #expect(failure.probeOutcome == .other)
    }
}
