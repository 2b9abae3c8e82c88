import Foundation
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

/// The shipped `rotators/redis-acl` on a real server.
@Suite(.timeLimit(.minutes(10)))
struct RedisRotatorTests {
    private let fixture: ScriptFixture
    private let rotator: any Rotator

    init() async throws {
        self.fixture = try ScriptFixture()
        let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("rotators/redis-acl")
        try self.fixture.write(try readFile(shipped.path), to: "redis-acl")
        self.rotator = try await self.fixture.rotator("redis-acl")
    }

    private func value(_ server: RedisServer, _ password: String, user: String = "app") -> String {
        #"{"host":"127.0.0.1","port":\#(server.port),"username":"\#(user)","password":"\#(password)"}"#
    }

    private var admin: String { #"{"username":"default","password":"\#(RedisServer.adminPassword)"}"# }

    @Test func `old and new password both log in until retire, over several rotations`() async throws {
        let server = try await RedisServer.start()
        #expect(self.rotator.manifest.strategy == .overlapping)
        #expect(self.rotator.manifest.requiresAdmin)
        var (current, previous) = ("first-password", nil as String?)
        try await server.command("ACL", "SETUSER", "app", "on", ">\(current)", "+ping")
        for round in 1...3 {
            let old = self.value(server, current)
            let made = try await self.rotator.createSecret(try self.fixture.context(current: old, pending: nil))
            let pending = try #require(made.string)
            let new = try #require(JSONValue(parsing: pending)["password"]?.stringValue)
            #expect(new.utf8.count == 32 && new != current)

            let context = try self.fixture.context(current: old, pending: pending, admin: self.admin)
            let first = try await self.rotator.setSecret(context)
            #expect(first.warnings.isEmpty, "the ACL file is written")
            let again = try await self.rotator.setSecret(context)
            #expect(again.message == "user app already accepts the pending password", "a step can be run again")
            let tested = try await self.rotator.testSecret(context)
            #expect(tested.account == "app")
            #expect(try await server.accepts(user: "app", password: current))
            #expect(try await server.accepts(user: "app", password: new))

            (previous, current) = (current, new)
            let after = try self.fixture.context(
                current: pending,
                pending: nil,
                previous: self.value(server, try #require(previous)),
                admin: self.admin
            )
            _ = try await self.rotator.retire(after)
            _ = try await self.rotator.retire(after)
            #expect(try await server.accepts(user: "app", password: current), "round \(round)")
            #expect(try await !server.accepts(user: "app", password: try #require(previous)), "round \(round)")
        }
        #expect(!self.fixture.log.lines.contains { $0.contains(current) })
    }

    @Test func `probes are typed: accepted, refused, unreachable, and a login that proves nothing`() async throws {
        let server = try await RedisServer.start()
        try await server.command("ACL", "SETUSER", "app", "on", ">right-password", "+@all")
        try await server.command("ACL", "SETUSER", "open", "on", "nopass", "+@all")
        func probe(_ value: String) async throws -> ProbeReport {
            await self.rotator.probe(.current, try self.fixture.context(current: value, pending: nil))
        }
        let accepted = try await probe(self.value(server, "right-password"))
        #expect(accepted.outcome == .accepted && accepted.isProof && accepted.account == "app")
        #expect(try await probe(self.value(server, "wrong-password")).outcome == .refused)
        let open = try await probe(self.value(server, "any-password", user: "open"))
        #expect(open.outcome == .other, "nopass accepts anything")
        try await server.stop()
        #expect(try await probe(self.value(server, "right-password")).outcome == .unreachable)
    }

    @Test(arguments: [
        (#"{"host":"127.0.0.1","port":1,"username":"app","password":"right-password"}"#, ["connect_timeout": "soon"]),
        (#"{"host":["127.0.0.1"],"port":1,"username":"app","password":"right-password"}"#, [:]),
    ])
    func `I4 what the script itself cannot do is never taken for a refused password`(value: String, options: [String: String]) async throws
    {
        let report = await self.rotator.probe(.current, try self.fixture.context(current: value, pending: nil, options: options))
        #expect(report.outcome == .other)
        #expect(report.failure?.message.contains("right-password") == false)
    }

    @Test func `what is wrong with admin or account has a typed cause, and nothing changed`() async throws {
        let server = try await RedisServer.start()
        try await server.command("ACL", "SETUSER", "app", "on", ">the-old-one", "+@all")
        try await server.command("ACL", "SETUSER", "weak", "on", ">weak-admin-password", "+ping")
        let cases: [(admin: String?, user: String, code: RotationFailure.Code)] = [
            (nil, "app", .configInvalid),
            (#"{"username":"default","password":"wrong-admin-password"}"#, "app", .adminAuthFailed),
            (#"{"username":"weak","password":"weak-admin-password"}"#, "app", .permissionDenied),
            (self.admin, "nobody", .notFound),
        ]
        for (admin, user, code) in cases {
            let context = try self.fixture.context(
                current: self.value(server, "the-old-one", user: user),
                pending: self.value(server, "the-new-password", user: user),
                admin: admin
            )
            let failure = await #expect(throws: RotationFailure.self) { try await self.rotator.setSecret(context) }
            #expect(failure?.code == code)
            #expect(failure?.applied == .no)
            #expect(failure?.message.contains("admin-password") == false)
        }
        #expect(try await !server.accepts(user: "app", password: "the-new-password"))
    }
}
