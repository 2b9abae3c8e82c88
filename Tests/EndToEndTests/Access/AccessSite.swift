import AdminClient
import Foundation
import SecretModel

/// A daemon with users of several accounts, each with a signed client of its own.
struct AccessSite {
    static let home = "000000000000"
    static let foreign = "999999999999"

    let daemon: DaemonProcess
    let admin: APIClient

    /// A user as tests describe one.
    struct User {
        let name: String
        var account = AccessSite.home
        /// Inline, in the form of `statement`.
        var statements: [String] = []
        var tags: [String: String] = [:]
        var isAdministrator = false
        /// Made by the test already: a policy that names it could not be put before.
        var exists = false

        var arn: String { "arn:aws:iam::\(self.account):user/\(self.name)" }
    }

    var region: String { self.daemon.environment["AWS_DEFAULT_REGION"] ?? "" }

    /// How a call was answered.
    enum Answer: Hashable {
        case success
        case refused(code: String, message: String)

        var isDenied: Bool { self.code == "AccessDeniedException" }
        var code: String? { if case .refused(let code, _) = self { code } else { nil } }
        var message: String { if case .refused(_, let message) = self { message } else { "" } }
    }

    static func policy(_ statements: [String]) -> String {
        #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    static func allow(_ actions: [String], on resources: [String] = ["*"], if condition: String? = nil, effect: String = "Allow") -> String
    {
        func list(_ texts: [String]) -> String { JSONValue.array(texts.map { .string($0) }).text }
        let block = condition.map { #","Condition":\#($0)"# } ?? ""
        return #"{"Effect":"\#(effect)","Action":\#(list(actions)),"Resource":\#(list(resources))\#(block)}"#
    }

    /// Makes a user, and a client that signs with its key.
    func withUser<Result>(_ user: User, _ body: (APIClient) async throws -> Result) async throws -> Result {
        try await self.daemon.withClient(environment: try await self.credentials(of: user), body)
    }

    /// Makes a user with an access key.
    func credentials(of user: User) async throws -> [String: String] {
        let tags = user.tags.map { key, value -> JSONValue in ["Key": .string(key), "Value": .string(value)] }
        let identity: [JSONValue.Member] = [.init("UserName", .string(user.name)), .init("AccountId", .string(user.account))]
        if !user.exists { _ = try await self.admin.call("keyturn.CreateUser", .object(identity + [.init("Tags", .array(tags))])) }
        if user.isAdministrator {
            _ = try await self.admin.call("keyturn.AttachPolicy", .object(identity + [.init("PolicyName", "AdministratorAccess")]))
        }
        if !user.statements.isEmpty { try await self.setPolicy(of: user, user.statements) }
        let key = try await self.admin.call("keyturn.CreateAccessKey", .object(identity))
        return [
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"]?.stringValue ?? "", "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]?.stringValue ?? "",
        ]
    }

    func setPolicy(of user: User, _ statements: [String]) async throws {
        _ = try await self.admin.call(
            "keyturn.AttachPolicy",
            [
                "UserName": .string(user.name), "AccountId": .string(user.account), "PolicyName": "own",
                "PolicyDocument": .string(Self.policy(statements)),
            ]
        )
    }

    static func answer(_ client: APIClient, _ operation: String, _ input: JSONValue) async throws -> Answer {
        do throws(ClientError) {
            _ = try await client.call(operation.contains(".") ? operation : "secretsmanager.\(operation)", input)
            return .success
        } catch {
            guard case .refused(let code, let message, _) = error else { throw error }
            return .refused(code: code, message: message)
        }
    }

    /// - Returns: The ARN.
    func makeSecret(_ name: String, tags: [String: String] = [:], policy: [String] = []) async throws -> String {
        let made = try await self.admin.call(
            "secretsmanager.CreateSecret",
            [
                "Name": .string(name), "ClientRequestToken": .string(UUID().uuidString), "SecretString": "value",
                "Tags": .array(tags.map { ["Key": .string($0), "Value": .string($1)] }),
            ]
        )
        if !policy.isEmpty {
            let text = Self.policy(policy)
            _ = try await self.admin.call("secretsmanager.PutResourcePolicy", ["SecretId": .string(name), "ResourcePolicy": .string(text)])
        }
        return made["ARN"]?.stringValue ?? ""
    }

    /// - Returns: The ARN.
    func makeKey(in region: String? = nil) async throws -> String {
        let made = try await self.daemon.answer(of: "kms", "create-key", "--region", region ?? self.region)
        return made["KeyMetadata"]?["Arn"]?.stringValue ?? ""
    }

    /// A program for boto3 in which `client(SERVICE, USER)` signs as one of the users, which are made, or as the administrator; and
    /// `refused(CODE, TEXT, CALL, …)` expects a refusal.
    func script(users: [User], _ body: String) async throws -> String {
        var keys: [String] = []
        for user in users {
            let made = try await self.credentials(of: user)
            keys.append(#""\#(user.name)": ("\#(made["AWS_ACCESS_KEY_ID"] ?? "")", "\#(made["AWS_SECRET_ACCESS_KEY"] ?? "")")"#)
        }
        return """
            import boto3, json
            from botocore.exceptions import ClientError
            keys = {\(keys.joined(separator: ", "))}

            def client(service, user=None):
                if user is None: return boto3.client(service)
                return boto3.client(service, aws_access_key_id=keys[user][0], aws_secret_access_key=keys[user][1])

            def refused(code, text, call, **arguments):
                try:
                    call(**arguments)
                except ClientError as error:
                    assert error.response["Error"]["Code"] == code, error.response
                    assert text in error.response["Error"]["Message"], error.response
                    return
                raise AssertionError(f"{code} expected")

            \(body)
            """
    }

    /// Runs `body` with a daemon of its own.
    static func with(_ body: (AccessSite) async throws -> Void) async throws {
        let daemon = try await DaemonProcess()
        try await daemon.withClient { try await body(AccessSite(daemon: daemon, admin: $0)) }
    }
}
