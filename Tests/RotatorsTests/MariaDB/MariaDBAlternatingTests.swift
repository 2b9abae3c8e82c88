import Foundation
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("mariadb-alternating-users on a real server", .timeLimit(.minutes(10)))
struct MariaDBAlternatingTests {
    /// A user on two hosts with one of everything, and the rotation of its secret.
    static func fixture(
        _ server: MariaDBServer,
        options: [String: String] = [:]
    ) async throws -> (rotation: MariaDBRotation, user: String, database: String) {
        let user = MariaDBServer.uniqueName("app")
        let database = MariaDBServer.uniqueName("odd`db TO x")
        let quoted = "`\(database.replacing("`", with: "``"))`"
        try await server.sql(
            """
            CREATE DATABASE \(quoted); CREATE TABLE \(quoted).orders (id INT, note TEXT, price INT);
            CREATE PROCEDURE \(quoted).p1() SELECT 1; CREATE FUNCTION \(quoted).f1() RETURNS INT RETURN 1;
            CREATE ROLE \(user)_reader; CREATE ROLE \(user)_writer; GRANT SELECT ON \(quoted).* TO \(user)_reader;
            CREATE USER \(user)@'%' IDENTIFIED BY 'first' WITH MAX_QUERIES_PER_HOUR 100000 MAX_USER_CONNECTIONS 50 MAX_STATEMENT_TIME 12.5
              PASSWORD EXPIRE INTERVAL 90 DAY;
            CREATE USER \(user)@'10.%' IDENTIFIED BY 'first' REQUIRE SUBJECT '/CN=a' AND ISSUER '/CN=o''neil';
            GRANT SELECT, INSERT ON \(quoted).* TO \(user)@'%' WITH GRANT OPTION;
            GRANT UPDATE (price, note), SELECT (id) ON \(quoted).orders TO \(user)@'%';
            GRANT ALL ON \(quoted).orders TO \(user)@'10.%';
            GRANT EXECUTE ON PROCEDURE \(quoted).p1 TO \(user)@'%';
            GRANT EXECUTE, ALTER ROUTINE ON FUNCTION \(quoted).f1 TO \(user)@'%' WITH GRANT OPTION;
            GRANT \(user)_reader TO \(user)@'%'; GRANT \(user)_writer TO \(user)@'%' WITH ADMIN OPTION;
            SET DEFAULT ROLE \(user)_reader FOR \(user)@'%';
            GRANT PROXY ON other@'%' TO \(user)@'%' WITH GRANT OPTION;
            GRANT PROCESS ON *.* TO \(user)@'%';
            """
        )
        let rotation = MariaDBRotation(.alternatingUsers, on: server, user: user, password: "first", options: options)
        return (rotation, user, database)
    }

    /// Everything the server says about an account but its password and name.
    static func rights(_ server: MariaDBServer, _ user: String, _ host: String) async throws -> [String] {
        let grants = try await server.sql("SHOW GRANTS FOR `\(user)`@'\(host)'")
        let definition = try await server.sql("SHOW CREATE USER `\(user)`@'\(host)'")
        return (grants + "\n" + definition).split(separator: "\n").map { line -> String in
            var text = String(line).replacing("`\(user)`@", with: "`USER`@")
            if let start = text.range(of: "IDENTIFIED BY PASSWORD '") {
                text.removeSubrange(start.lowerBound..<text.index(start.upperBound, offsetBy: 42))
            }
            return text
        }.sorted()
    }

    static func hasParity(_ server: MariaDBServer, _ user: String) async throws -> Bool {
        for host in ["%", "10.%"] {
            let (original, twin) = (try await self.rights(server, user, host), try await self.rights(server, user + "_clone", host))
            guard original == twin else {
                Issue.record("\(host):\n\(original.joined(separator: "\n"))\n---\n\(twin.joined(separator: "\n"))")
                return false
            }
        }
        return true
    }

    @Test("W7 five rotations in a row: users take turns, rights are equal on every host, and the last user keeps working")
    func rotations() async throws {
        let server = try await MariaDBServer.shared()
        var (rotation, user, _) = try await Self.fixture(server)
        for round in 0..<5 {
            let old = rotation.current
            try await rotation.rotate()
            #expect(try MariaDBRotation.username(rotation.current) == (round % 2 == 0 ? user + "_clone" : user))
            #expect(try await rotation.logsIn(rotation.current))
            #expect(try await rotation.logsIn(old))
            #expect(try await Self.hasParity(server, user))
        }
    }

    @Test("W8 a privilege, a role and a limit taken from the original are gone from the twin at its next turn; new ones are there")
    func revoked() async throws {
        let server = try await MariaDBServer.shared()
        var (rotation, user, database) = try await Self.fixture(server)
        try await rotation.rotate()
        try await rotation.rotate()
        let quoted = "`\(database.replacing("`", with: "``"))`"
        try await server.sql(
            """
            REVOKE INSERT, GRANT OPTION ON \(quoted).* FROM \(user)@'%'; REVOKE UPDATE (note) ON \(quoted).orders FROM \(user)@'%';
            REVOKE \(user)_reader FROM \(user)@'%'; SET DEFAULT ROLE \(user)_writer FOR \(user)@'%';
            REVOKE ALL ON \(quoted).orders FROM \(user)@'10.%'; GRANT DELETE ON \(quoted).orders TO \(user)@'10.%';
            REVOKE EXECUTE ON PROCEDURE \(quoted).p1 FROM \(user)@'%'; REVOKE PROXY ON other@'%' FROM \(user)@'%';
            ALTER USER \(user)@'%' WITH MAX_QUERIES_PER_HOUR 0; ALTER USER \(user)@'10.%' REQUIRE NONE;
            GRANT SHOW DATABASES ON *.* TO \(user)@'%';
            """
        )
        let clone = user + "_clone"
        #expect(try await Self.rights(server, user, "%") != Self.rights(server, clone, "%"))
        try await rotation.rotate()
        #expect(try MariaDBRotation.username(rotation.current) == clone)
        #expect(try await Self.hasParity(server, user))
    }

    @Test(
        "W2 I4 a crash at every statement: never a twin without its rights, and the same value ends the run",
        arguments: StatementCutter.Side.allCases
    )
    func crash(side: StatementCutter.Side) async throws {
        let server = try await MariaDBServer.shared()
        let cutter = try StatementCutter(before: server)
        let (_, user, _) = try await Self.fixture(server)
        for statement in 1..<200 {
            try await server.sql("DROP USER IF EXISTS \(user)_clone@'%', \(user)_clone@'10.%'")
            var rotation = MariaDBRotation(.alternatingUsers, on: server, user: user, password: "first")
            rotation.port = cutter.port
            try await rotation.prepare()
            let pending = try #require(rotation.pending)
            cutter.cut(at: statement, side)
            var hasFailed = false
            do {
                try await rotation.set()
            } catch is RotationFailure {
                hasFailed = true
            }
            cutter.cut(at: nil)
            #expect(try await rotation.logsIn(rotation.current), "I1 at statement \(statement)")
            let probe = try await rotation.probe(.pending)
            if probe.outcome == .accepted && probe.isProof { #expect(try await Self.hasParity(server, user), "statement \(statement)") }
            if hasFailed, probe.outcome != .accepted { _ = try await failure { try await rotation.test() } }
            try await rotation.resume()
            #expect(try await Self.hasParity(server, user), "statement \(statement)")
            #expect(rotation.pending?.isSame(as: pending) == true)
            #expect(try await rotation.logsIn(pending))
            if !hasFailed { return }
        }
        Issue.record("the step did not end within 200 statements")
    }

    @Test("W2 W18 pending logs in, but a privilege is missing: no proof, and testSecret says what is missing")
    func incomplete() async throws {
        let server = try await MariaDBServer.shared()
        var (rotation, user, _) = try await Self.fixture(server)
        try await rotation.prepare()
        try await rotation.set()
        #expect(try await rotation.probe(.pending).isProof)
        try await server.sql("REVOKE PROCESS ON *.* FROM \(user)_clone@'%'")
        let probe = try await rotation.probe(.pending)
        #expect(probe.outcome == .accepted && !probe.isProof)
        #expect(try await failure { try await rotation.test() }.message.contains("lacks PROCESS"))
        var blind = rotation
        blind.hasAdmin = false
        #expect(try await !blind.probe(.pending).isProof)
        try await rotation.resume()
    }

    @Test("somebody else's account with the twin's name is not touched unless the rules say so")
    func stranger() async throws {
        let server = try await MariaDBServer.shared()
        var (rotation, user, _) = try await Self.fixture(server)
        try await server.sql("CREATE USER \(user)_clone@'%' IDENTIFIED BY 'theirs'; GRANT RELOAD ON *.* TO \(user)_clone@'%'")
        try await rotation.prepare()
        #expect(try await failure { try await rotation.set() }.hint?.contains("adopt_clone") == true)
        #expect(try await MariaDBRotation.logsIn(server, user: "\(user)_clone", password: "theirs"))
        rotation.options = ["adopt_clone": "true"]
        try await rotation.rotate()
        #expect(try await Self.hasParity(server, user))
    }

    @Test("a host that the original no longer has is locked for the twin")
    func stray() async throws {
        let server = try await MariaDBServer.shared()
        var (rotation, user, _) = try await Self.fixture(server)
        try await rotation.rotate()
        try await rotation.rotate()
        try await server.sql("DROP USER \(user)@'10.%'")
        try await rotation.prepare()
        #expect(try await rotation.set().warnings.contains { $0.contains("locked \(user)_clone@10.%") })
        try await rotation.test()
        #expect(try await server.sql("SHOW CREATE USER \(user)_clone@'10.%'").contains("ACCOUNT LOCK"))
    }

    @Test("E2 a pair prepared by hand: names from the rules, privileges left alone")
    func prepared() async throws {
        let server = try await MariaDBServer.shared()
        let (blue, green) = (MariaDBServer.uniqueName("blue"), MariaDBServer.uniqueName("green"))
        try await server.sql(
            """
            CREATE USER \(blue)@'%' IDENTIFIED BY 'first'; CREATE USER \(green)@'%' IDENTIFIED BY 'x';
            GRANT PROCESS ON *.* TO \(green)@'%';
            """
        )
        let options = ["users": "\(blue), \(green)", "clone": "existing"]
        var rotation = MariaDBRotation(.alternatingUsers, on: server, user: blue, password: "first", options: options)
        for name in [green, blue, green] {
            try await rotation.rotate()
            #expect(try MariaDBRotation.username(rotation.current) == name)
        }
        #expect(try await server.sql("SHOW GRANTS FOR \(green)@'%'").contains("PROCESS"))
        let identity = try rotation.rotator.identity(of: rotation.current, settings: RotatorSettings(options: options))
        #expect(identity.account == blue)
    }

    @Test("E3 W2 W23 an admin that may not grant: preflight names the privilege, the run fails, and the twin stays locked")
    func weakAdmin() async throws {
        let server = try await MariaDBServer.shared()
        var (rotation, user, _) = try await Self.fixture(server)
        let weak = MariaDBServer.uniqueName("weak")
        try await server.sql(
            "CREATE USER \(weak)@'%' IDENTIFIED BY 'weak'; GRANT CREATE USER ON *.* TO \(weak)@'%'; GRANT SELECT ON mysql.* TO \(weak)@'%'"
        )
        (rotation.adminName, rotation.adminPassword) = (weak, "weak")
        let findings = await rotation.rotator.preflight(try rotation.context)
        #expect(findings.contains { $0.level == .failed && $0.check == "privileges" && $0.message.contains("cannot grant") })
        try await rotation.prepare()
        #expect(try await failure { try await rotation.set() }.code == .permissionDenied)
        #expect(try await !rotation.logsIn(rotation.pending))
        #expect(try await rotation.probe(.pending).outcome != .accepted)
        (rotation.adminName, rotation.adminPassword) = ("root", MariaDBServer.rootPassword)
        let after = await rotation.rotator.preflight(try rotation.context)
        #expect(!after.contains { $0.level == .failed }, "\(after)")
        try await rotation.resume()
        #expect(try await Self.hasParity(server, user))
    }
}
