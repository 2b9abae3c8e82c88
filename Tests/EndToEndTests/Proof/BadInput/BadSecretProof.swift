import AdminClient
import Foundation
import SecretModel
import TestSupport
import Testing

/// A secret or a target that cannot rotate: the cause is typed, the hint says what to do, and target and AWSCURRENT stay as they were.
@Suite(.timeLimit(.minutes(10))) struct BadSecretProof {
    /// A member of the secret's JSON and what stands there instead; `nil`: it is missing.
    private static let members: [(member: String, value: JSONValue?)] = [
        ("engine", nil), ("engine", "oracle"), ("engine", 5), ("host", nil), ("host", ""), ("host", 7), ("username", nil), ("username", ""),
        ("username", true), ("password", nil), ("password", [:]), ("port", "abc"), ("port", 0), ("port", 70_000), ("port", true),
        ("dbname", 5), ("ssl", "perhaps"),
    ]

    @Test(arguments: ["postgres", "mariadb"]) func aMalformedSecretIsRefusedBeforeAnythingStarts(engine: String) async throws {
        let daemon = try await DaemonProcess.shared()
        let good: JSONValue = ["engine": .string(engine), "host": "h", "username": "u", "password": "p"]
        let values = Self.members.map { member, value in
            (
                name: "\(member)=\(value?.text ?? "missing")", member: member,
                text: value.map { good.setting(member, to: $0) } ?? good.without(member)
            )
        }
        var texts = values.map { (name: $0.name, member: $0.member, text: $0.text.text) }
        texts += [("not-json", "JSON", "not json"), ("a-list", "JSON", "[]"), ("cut-short", "JSON", String(good.text.dropLast()))]
        try await daemon.withClient { client in
            for (number, (name, member, text)) in texts.enumerated() {
                await Proof.case("bad-input/secret/\(engine)/\(name.filter { $0 != " " })") {
                    let secret = "bad/\(engine)-\(number)"
                    try await client.change("CreateSecret", ["Name": .string(secret), "SecretString": .string(text)])
                    let before = try await client.call("secretsmanager.DescribeSecret", ["SecretId": .string(secret)])
                    do {
                        _ = try await client.rotate(secret, by: "\(engine)-single-user")
                        throw ProofFailure("a rotation was started")
                    } catch let error as ClientError {
                        guard case .refused(let code, let message, _) = error else { throw error }
                        try Proof.expect(code.hasPrefix("Invalid"), "\(code): \(message)")
                        try Proof.expect(message.contains(member), "\(member) is not named: \(message)")
                    }
                    let after = try await client.call("secretsmanager.DescribeSecret", ["SecretId": .string(secret)])
                    try Proof.expect(after == before, "I12: \(before.text) → \(after.text)")
                }
            }
        }
    }

    /// How a rotation of a healthy account is made to fail.
    private struct Fault: Sendable {
        let name: String
        let strategy: String
        let codes: Set<String>
        let state: String
        var change: @Sendable (JSONValue) -> JSONValue = { $0 }
        var adminPassword = "Admin-password-1"
        /// Done on the server with the account's name.
        var statement: @Sendable (String) -> String? = { _ in nil }
    }

    private static let faults: [Fault] = [
        Fault(
            name: "wrong-host",
            strategy: "single-user",
            codes: ["target_unreachable"],
            state: "waiting",
            change: { $0.setting("host", to: "no-such-host.invalid") }
        ),
        Fault(
            name: "wrong-port",
            strategy: "single-user",
            codes: ["target_unreachable"],
            state: "waiting",
            change: { $0.setting("port", to: 9) }
        ),
        Fault(
            name: "wrong-admin-password",
            strategy: "alternating-users",
            codes: ["admin_auth_failed"],
            state: "parked",
            adminPassword: "wrong"
        ),
    ]

    private static func weakAdmin(_ engine: String) -> Fault {
        Fault(
            name: "admin-without-privileges",
            strategy: "alternating-users",
            codes: ["permission_denied"],
            state: "parked",
            statement: { user in
                engine == "postgres"
                    ? "ALTER ROLE \(user)_admin NOCREATEROLE" : "REVOKE ALL PRIVILEGES, GRANT OPTION FROM \(user)_admin@'%'"
            }
        )
    }

    @Test(arguments: ["postgres", "mariadb"]) func aTargetThatRefusesIsToldWithItsCause(engine: String) async throws {
        let daemon = try await DaemonProcess.shared()
        let server = try await LoginTarget.Server.shared(engine)
        for fault in Self.faults + [Self.weakAdmin(engine)] {
            await Proof.case("bad-input/target/\(engine)/\(fault.name)") {
                let target = try await LoginTarget(on: server, "bad")
                if let statement = fault.statement(target.user) {
                    switch server {
                    case .postgres(let server): try await server.sql(statement)
                    case .mariadb(let server): try await server.sql(statement)
                    }
                }
                try await daemon.withClient { client in try await Self.fail(fault, engine, target, client) }
            }
        }
    }

    private static func fail(_ fault: Fault, _ engine: String, _ target: LoginTarget, _ client: APIClient) async throws {
        var value = fault.change(target.value())
        if fault.strategy != "single-user" {
            let admin = target.value(user: "\(target.user)_admin", password: fault.adminPassword)
            value = value.setting("masterarn", to: try await client.make("\(target.secret)-admin", admin)["ARN"] ?? .null)
        }
        try await client.make(target.secret, value)
        let run = try await client.rotate(target.secret, by: "\(engine)-\(fault.strategy)")
        try await eventually("the failure", within: .seconds(90)) { try await client.run(run, of: target.secret)["Failure"] != nil }
        let shown = try await client.run(run, of: target.secret)
        let code = shown["Failure"]?["Code"]?.stringValue ?? ""
        try Proof.expect(fault.codes.contains(code), shown["Failure"]?.text ?? "")
        try Proof.expect(shown["State"]?.stringValue == fault.state, "\(shown["State"]?.text ?? "") instead of \(fault.state)")
        try Proof.expect(shown["Failure"]?["Hint"]?.stringValue?.isEmpty == false, "no hint: \(shown["Failure"]?.text ?? "")")
        let current = try await client.current(target.secret)
        try Proof.expect(current.value == value, "AWSCURRENT changed")
        try Proof.expect(try await target.logsIn(target.value()), "the old password does not log in any more")
    }
}

extension LoginTarget.Server {
    /// The server of this test run.
    fileprivate static func shared(_ engine: String) async throws -> Self {
        engine == "postgres" ? .postgres(try await PostgresServer.shared()) : .mariadb(try await MariaDBServer.shared())
    }
}

extension JSONValue {
    fileprivate func without(_ name: String) -> JSONValue { .object((self.members ?? []).filter { $0.name != name }) }
}
