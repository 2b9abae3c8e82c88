import Foundation
import SecretModel
import TestSupport
import Testing

/// `keyturn user|role|policy …`, as an administrator uses them.
@Suite struct IdentityCommandTests {
    private static let readers =
        #"{"Version":"2012-10-17","Statement":{"Sid":"Read","Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:*:secret:app/*"}}"#

    private func file(_ text: String) throws -> (ScratchDirectory, String) {
        let directory = try ScratchDirectory("policy")
        let path = directory.path(of: "policy.json")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return (directory, path)
    }

    private func fails(_ daemon: DaemonProcess, _ arguments: String...) async throws -> Command {
        try await Command.run([Command.keyturn] + arguments, environment: daemon.environment)
    }

    @Test func `a user is made, allowed something, and its key rotated and disabled`() async throws {
        let daemon = try await DaemonProcess()
        try await daemon.answer("create-secret", "--name", "app/db", "--secret-string", "one")
        try await daemon.answer("create-secret", "--name", "ops/db", "--secret-string", "two")
        try await daemon.keyturn("user", "create", "ann", "--tag", "team=payments")
        let key = try await daemon.keyturn("user", "key", "create", "ann")
        let id = key["AccessKeyId"]?.stringValue ?? ""
        let credentials = ["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]?.stringValue ?? ""]
        func read(_ secret: String) async throws -> Command {
            try await daemon.aws("get-secret-value", "--secret-id", secret, environment: credentials)
        }
        #expect(try await read("app/db").errors.contains("(AccessDeniedException)"))

        let (directory, path) = try self.file(Self.readers)
        defer { withExtendedLifetime(directory) {} }
        try await daemon.keyturn("policy", "create", "readers", "--document", path)
        try await daemon.keyturn("policy", "attach", "readers", "--user", "ann")
        #expect(try await read("app/db").exitCode == 0)
        #expect(
            try await read("ops/db").errors.contains("because no identity-based policy allows the secretsmanager:GetSecretValue action")
        )

        let allowed = try await daemon.keyturn(
            "policy",
            "explain",
            "--as",
            "ann",
            "--action",
            "secretsmanager:GetSecretValue",
            "--resource",
            "app/db"
        )
        #expect(allowed["Decision"] == "allowed")
        #expect(allowed["Reason"] == "statement 1 (Read) of readers, an identity-based policy, allows it")
        let refused = try await self.fails(
            daemon,
            "policy",
            "explain",
            "--as",
            "ann",
            "--action",
            "secretsmanager:GetSecretValue",
            "--resource",
            "ops/db"
        )
        #expect(refused.exitCode == 1)
        #expect(refused.output.contains("because nothing denies it, but no identity-based policy allows it"))

        #expect(try await daemon.keyturn("user", "list")["Users"]?.arrayValue?.map { $0["UserName"] } == ["admin", "ann"])
        try await daemon.keyturn("user", "key", "disable", "ann", id)
        #expect(try await read("app/db").errors.contains("(UnrecognizedClientException)"))
        try await daemon.keyturn("user", "key", "enable", "ann", id)
        #expect(try await read("app/db").exitCode == 0)
        try await daemon.keyturn("user", "delete", "ann", "--yes")
        #expect(try await read("app/db").errors.contains("(UnrecognizedClientException)"))
    }

    @Test func `a role is made, assumed, limited and revoked`() async throws {
        let daemon = try await DaemonProcess()
        try await daemon.answer("create-secret", "--name", "app/db", "--secret-string", "one")
        try await daemon.keyturn("user", "create", "ann")
        let (directory, trust) = try self.file(
            #"{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/admin"},"Action":"sts:AssumeRole"}}"#
        )
        let (readers, path) = try self.file(Self.readers)
        defer { withExtendedLifetime((directory, readers)) {} }
        let role = try await daemon.keyturn("role", "create", "deployer", "--trust", trust, "--max-session-seconds", "7200")
        #expect(role["MaxSessionDuration"] == 7_200)
        try await daemon.keyturn("policy", "attach", "own", "--role", "deployer", "--document", path)
        let arn = role["Arn"]?.stringValue ?? ""
        let session = try await daemon.answer(of: "sts", "assume-role", "--role-arn", arn, "--role-session-name", "ci")["Credentials"]
        let credentials = [
            "AWS_ACCESS_KEY_ID": session?["AccessKeyId"]?.stringValue ?? "",
            "AWS_SECRET_ACCESS_KEY": session?["SecretAccessKey"]?.stringValue ?? "",
            "AWS_SESSION_TOKEN": session?["SessionToken"]?.stringValue ?? "",
        ]
        func read() async throws -> Command { try await daemon.aws("get-secret-value", "--secret-id", "app/db", environment: credentials) }
        #expect(try await read().exitCode == 0)
        let asSession = daemon.environment.merging(credentials) { _, new in new }
        let own = try await Command.run([Command.keyturn, "secret", "get", "app/db"], environment: asSession)
        #expect(own.output == "one\n", "keyturn itself takes a session's credentials: \(own.errors)")

        try await daemon.keyturn("policy", "create", "readers", "--document", path)
        try await daemon.keyturn("role", "boundary", "set", "deployer", "SecretsManagerReadWrite")
        try await daemon.keyturn("user", "boundary", "set", "ann", "readers")
        #expect(try await daemon.keyturn("user", "show", "ann")["PermissionsBoundary"] == "readers")
        #expect(try await daemon.keyturn("policy", "show", "readers")["AttachedTo"] == ["arn:aws:iam::000000000000:user/ann"])
        try await daemon.keyturn("user", "boundary", "remove", "ann")
        #expect(try await daemon.keyturn("user", "show", "ann")["PermissionsBoundary"] == nil)
        let bounded = try await daemon.keyturn("user", "create", "bob", "--boundary", "readers")
        #expect(bounded["PermissionsBoundary"] == "readers")
        #expect(try await read().exitCode == 0)
        let explained = try await daemon.keyturn(
            "policy",
            "explain",
            "--as",
            "admin",
            "--action",
            "sts:AssumeRole",
            "--resource",
            arn
        )
        #expect(explained["Reason"] == "statement 1 of the role's trust policy, a resource-based policy, allows it")

        try await daemon.keyturn("role", "revoke", "deployer", "--yes")
        #expect(try await read().errors.contains("with an explicit deny in an identity-based policy"))
        #expect(try await daemon.keyturn("role", "show", "deployer")["Policies"]?.arrayValue?.count == 2)
        try await daemon.keyturn("role", "update", "deployer", "--max-session-seconds", "3600")
        let unchanged = try await self.fails(daemon, "role", "update", "deployer")
        #expect(unchanged.exitCode == 64 && unchanged.errors.contains("--trust FILE or --max-session-seconds N"))
        try await daemon.keyturn("role", "delete", "deployer", "--yes")
        #expect(try await read().errors.contains("(UnrecognizedClientException)"))
    }

    @Test func `what is wrong is refused with what, why and what next`() async throws {
        let daemon = try await DaemonProcess()
        let (directory, path) = try self.file(
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"GetSecretValue","Resource":"*"}}"#
        )
        defer { withExtendedLifetime(directory) {} }
        let malformed = try await self.fails(daemon, "policy", "create", "bad", "--document", path)
        #expect(malformed.exitCode == 1)
        #expect(malformed.errors.contains(#"Statement[1].Action: "GetSecretValue" is no action"#), "\(malformed.errors)")
        let unreadable = try await self.fails(daemon, "policy", "create", "bad", "--document", "/nonexistent")
        #expect(unreadable.exitCode == 78 && unreadable.errors.contains("next: give the path"))
        let unknown = try await self.fails(daemon, "user", "show", "bob")
        #expect(unknown.errors.contains("There is no user bob in account 000000000000. keyturn user list shows those there are."))
        let unasked = try await self.fails(daemon, "user", "delete", "admin")
        #expect(unasked.exitCode == 64 && unasked.errors.contains("next: give --yes"))
        let last = try await self.fails(daemon, "user", "delete", "admin", "--yes")
        #expect(last.errors.contains("Give another user both first."))
        let account = try await self.fails(daemon, "user", "list", "--account", "12")
        #expect(account.exitCode == 64 && account.errors.contains("an account id has twelve digits"))
        let holder = try await self.fails(daemon, "policy", "attach", "AdministratorAccess")
        #expect(holder.exitCode == 64 && holder.errors.contains("--user NAME or --role NAME"))
    }
}
