import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

@Suite("PostgreSQL, preflight")
struct PostgresPreflightTests {
    private func levels(_ target: PostgresTarget) async throws -> [String: PreflightFinding.Level] {
        let findings = await target.rotator.preflight(try target.context())
        return Dictionary(findings.map { ($0.check, $0.level) }) { first, _ in first }
    }

    @Test("A set-up that works passes, and says what cannot be known")
    func healthy() async throws {
        let target = try await PostgresTarget(.alternatingUsers)
        let before = try await self.levels(target)
        for check in ["secret", "login", "tls", "encryption", "privileges", "twin"] { #expect(before[check] == .passed, "\(check)") }
        #expect(before["policy"] == .unproven)
        #expect(try await target.server.sql("SELECT count(*) FROM pg_roles WHERE rolname = '\(target.role)_clone'") == "0")
        try await target.rotate()
        #expect(try await self.levels(target)["twin"] == .passed)
        try await target.server.sql(
            "ALTER ROLE \(target.role) SET work_mem = '7MB'; CREATE TABLE t (n int); GRANT SELECT ON t TO \(target.role)_clone"
        )
        #expect(try await self.levels(target)["twin"] == .warning)
        #expect(try await self.levels(target)["ownership"] == .warning)
    }

    @Test("What would fail is found without changing anything")
    func findings() async throws {
        let target = try await PostgresTarget(.alternatingUsers, attributes: "REPLICATION")
        target.settings.options["owner_rol"] = "typo"
        try await target.server.sql("ALTER ROLE \(target.adminRole) NOCREATEROLE; GRANT trusted_accounts TO \(target.role)")
        let levels = try await self.levels(target)
        for check in ["options", "privileges", "protected-account", "login"] { #expect(levels[check] == .failed, "\(check)") }
        target.hasAdmin = false
        #expect(try await self.levels(target)["admin"] == .failed)
        target.current = try target.changed(target.current, ["engine": "oracle"])
        #expect(try await self.levels(target) == ["secret": .failed])
    }
}
