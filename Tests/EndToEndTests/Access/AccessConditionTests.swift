import AdminClient
import SecretModel
import Testing

/// The condition keys of real requests: each condition holds for one request and fails for another.
@Suite struct AccessConditionTests {
    struct Case {
        let condition: String
        let operation: String
        let allowed: JSONValue
        let denied: JSONValue
    }

    private static func get(_ members: JSONValue.Member...) -> JSONValue { .object([.init("SecretId", "db")] + members) }
    private static func equals(_ key: String, _ value: String) -> String { #"{"StringEquals":{"\#(key)":"\#(value)"}}"# }
    private static let token = JSONValue.Member("ClientRequestToken", "00000000-0000-0000-0000-00000000000a")

    static let cases: [Case] = [
        Case(
            condition: equals("secretsmanager:VersionStage", "AWSPREVIOUS"),
            operation: "GetSecretValue",
            allowed: get(.init("VersionStage", "AWSPREVIOUS")),
            denied: get()
        ),
        Case(
            condition: equals("SecretsManager:versionid", "00000000-0000-0000-0000-000000000001"),
            operation: "GetSecretValue",
            allowed: get(.init("VersionId", "00000000-0000-0000-0000-000000000001")),
            denied: get(.init("VersionId", "00000000-0000-0000-0000-000000000002"))
        ),
        Case(
            condition: #"{"NumericGreaterThanEquals":{"secretsmanager:RecoveryWindowInDays":"20"}}"#,
            operation: "DeleteSecret",
            allowed: get(.init("RecoveryWindowInDays", 31)),
            denied: get(.init("RecoveryWindowInDays", 7))
        ),
        Case(
            condition: #"{"Bool":{"secretsmanager:ForceDeleteWithoutRecovery":"false"}}"#,
            operation: "DeleteSecret",
            allowed: get(.init("ForceDeleteWithoutRecovery", false), .init("RecoveryWindowInDays", 1)),
            denied: get(.init("ForceDeleteWithoutRecovery", true))
        ),
        Case(
            condition: #"{"Bool":{"secretsmanager:BlockPublicPolicy":"true"}}"#,
            operation: "PutResourcePolicy",
            allowed: get(.init("ResourcePolicy", "{}"), .init("BlockPublicPolicy", true)),
            denied: get(.init("ResourcePolicy", "{}"))
        ),
        Case(
            condition: #"{"StringLike":{"secretsmanager:Name":"team-a/*"}}"#,
            operation: "CreateSecret",
            allowed: ["Name": "team-a/x"],
            denied: ["Name": "team-b/x"]
        ),
        Case(
            condition: #"{"StringEquals":{"aws:RequestTag/team":["a","b"]}}"#,
            operation: "TagResource",
            allowed: get(.init("Tags", [["Key": "Team", "Value": "b"]])),
            denied: get(.init("Tags", [["Key": "team", "Value": "c"]]))
        ),
        Case(
            condition: #"{"ForAllValues:StringEquals":{"aws:TagKeys":["team","stage"]}}"#,
            operation: "UntagResource",
            allowed: get(.init("TagKeys", ["team"])),
            denied: get(.init("TagKeys", ["team", "owner"]))
        ),
        Case(
            condition: #"{"ForAnyValue:StringEquals":{"secretsmanager:AddReplicaRegions":"us-east-1"}}"#,
            operation: "ReplicateSecretToRegions",
            allowed: .object([.init("SecretId", "none"), .init("AddReplicaRegions", [["Region": "us-east-1"]])]),
            denied: get(.init("AddReplicaRegions", [["Region": "us-east-2"]]))
        ),
        Case(
            condition: #"{"StringLike":{"secretsmanager:KmsKeyId":"alias/team-*"}}"#,
            operation: "UpdateSecret",
            allowed: get(.init("KmsKeyId", "alias/team-a")),
            denied: get(.init("KmsKeyId", "alias/other"))
        ),
        Case(
            condition: equals("secretsmanager:Description", "harmless"),
            operation: "UpdateSecret",
            allowed: get(.init("Description", "harmless")),
            denied: get(.init("Description", "other"))
        ),
        Case(
            condition: #"{"ArnLike":{"secretsmanager:RotationLambdaARN":"arn:aws:lambda:*:*:function:good*"}}"#,
            operation: "RotateSecret",
            allowed: get(.init("RotationLambdaARN", "arn:aws:lambda:eu-west-1:000000000000:function:good-one")),
            denied: get(.init("RotationLambdaARN", "arn:aws:lambda:eu-west-1:000000000000:function:bad"))
        ),
        Case(
            condition: #"{"Bool":{"secretsmanager:ModifyRotationRules":"false"}}"#,
            operation: "RotateSecret",
            allowed: get(),
            denied: get(.init("RotationRules", ["AutomaticallyAfterDays": 30]))
        ),
        Case(
            condition: #"{"Null":{"secretsmanager:RotateImmediately":"true"}}"#,
            operation: "RotateSecret",
            allowed: get(),
            denied: get(.init("RotateImmediately", true))
        ),
        Case(
            condition: #"{"StringEquals":{"secretsmanager:ResourceTag/stage":"test"}}"#,
            operation: "DescribeSecret",
            allowed: get(),
            denied: ["SecretId": "other"]
        ),
        Case(
            condition: #"{"ArnLike":{"secretsmanager:SecretId":"arn:aws:secretsmanager:*:*:secret:db-??????"}}"#,
            operation: "DescribeSecret",
            allowed: get(),
            denied: ["SecretId": "other"]
        ),
    ]

    /// Conditions that hold, or do not, for whatever this user asks.
    static let global: [(condition: String, isAllowed: Bool)] = [
        (#"{"Bool":{"aws:SecureTransport":"true"}}"#, true),
        (#"{"Bool":{"aws:SecureTransport":"false"}}"#, false),
        (#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","127.0.0.1"]}}"#, true),
        (#"{"NotIpAddress":{"aws:SourceIp":"127.0.0.0/8"}}"#, false),
        (#"{"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"},"DateLessThan":{"aws:EpochTime":"4102444800"}}"#, true),
        (#"{"DateGreaterThan":{"aws:CurrentTime":"2099-01-01T00:00:00Z"}}"#, false),
        (#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::000000000000:user/tester"}}"#, true),
        (#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}"#, false),
        (#"{"StringEquals":{"aws:PrincipalAccount":"000000000000","aws:PrincipalType":"User","aws:username":"tester"}}"#, true),
        (#"{"StringEquals":{"aws:PrincipalTag/Team":"blue"}}"#, true),
        (#"{"StringEquals":{"aws:PrincipalTag/team":"red"}}"#, false),
        (#"{"StringLike":{"aws:userid":"AIDA*"}}"#, true),
        (#"{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}"#, true),
        (#"{"Null":{"aws:TokenIssueTime":"true","aws:MultiFactorAuthPresent":"true"}}"#, true),
        (#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#, false),
        (#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#, true),
        (#"{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#, true),
        (#"{"StringEquals":{"aws:SourceVpce":"vpce-1"}}"#, false),
    ]

    @Test func `condition keys hold for the requests that they speak of`() async throws {
        try await AccessSite.with { site in
            _ = try await site.makeSecret("db", tags: ["stage": "test"])
            _ = try await site.makeSecret("other", tags: ["stage": "production"])
            let user = AccessSite.User(name: "tester", tags: ["team": "blue"])
            let keys = AccessSite.allow(["kms:*"])
            try await site.withUser(user) { client in
                for item in Self.cases {
                    try await site.setPolicy(of: user, [AccessSite.allow(["secretsmanager:*"], if: item.condition), keys])
                    let allowed = try await AccessSite.answer(client, item.operation, item.allowed)
                    #expect(!allowed.isDenied, "\(item.operation) \(item.condition): \(allowed)")
                    let denied = try await AccessSite.answer(client, item.operation, item.denied)
                    #expect(denied.isDenied, "\(item.operation) \(item.condition): \(denied)")
                }
                for (condition, isAllowed) in Self.global {
                    try await site.setPolicy(of: user, [AccessSite.allow(["secretsmanager:GetSecretValue"], if: condition)])
                    let answer = try await AccessSite.answer(client, "GetSecretValue", ["SecretId": "db"])
                    #expect((answer == .success) == isAllowed, "\(condition): \(answer)")
                }
                let region = #"{"StringEquals":{"aws:RequestedRegion":"\#(site.region)"}}"#
                try await site.setPolicy(of: user, [AccessSite.allow(["secretsmanager:GetSecretValue"], if: region)])
                #expect(try await AccessSite.answer(client, "GetSecretValue", ["SecretId": "db"]) == .success)
            }
        }
    }

    /// The policies of AWS's guide, their text unchanged but for the id of the key: users of account 123456789012, secrets in us-east-1.
    @Test func `policies of the guide work unmodified`() async throws {
        let account = "123456789012"
        let production = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                  "Resource": "arn:aws:secretsmanager:us-east-1:123456789012:secret:production/db/postgresql-*"
                },
                {
                  "Effect": "Allow",
                  "Action": ["kms:Decrypt"],
                  "Resource": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                  "Condition": {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}
                }
              ]
            }
            """
        let role = """
            {
              "Version" : "2012-10-17",
              "Statement" : [
                {
                  "Effect": "Allow",
                  "Principal": {"AWS": "arn:aws:iam::123456789012:role/EC2RoleToAccessSecrets"},
                  "Action": "secretsmanager:GetSecretValue",
                  "Resource": "*",
                  "Condition": {"ForAnyValue:StringEquals": {"secretsmanager:VersionStage" : "AWSCURRENT"}}
                }
              ]
            }
            """
        try await AccessSite.with { site in
            let region = "us-east-1"
            func user(_ name: String, _ policy: String) async throws -> [String: String] {
                let identity: [JSONValue.Member] = [.init("UserName", .string(name)), .init("AccountId", .string(account))]
                _ = try await site.admin.call("keyturn.CreateUser", .object(identity))
                let attachment: [JSONValue.Member] = [.init("PolicyName", "guide"), .init("PolicyDocument", .string(policy))]
                _ = try await site.admin.call("keyturn.AttachPolicy", .object(identity + attachment))
                let key = try await site.admin.call("keyturn.CreateAccessKey", .object(identity))
                return [
                    "AWS_ACCESS_KEY_ID": key["AccessKeyId"]?.stringValue ?? "",
                    "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]?.stringValue ?? "", "AWS_DEFAULT_REGION": region, "AWS_REGION": region,
                ]
            }
            let owner = try await user("owner", AccessSite.policy([AccessSite.allow(["*"])]))
            let key = try await Self.makeKey("alias/secrets-encryption", site.daemon, owner)
            _ = try await Self.makeKey("alias/other", site.daemon, owner)
            try await site.daemon.withClient(environment: owner) { client in
                for (index, name) in ["production/db/postgresql-main", "production/db/mysql-main"].enumerated() {
                    for (suffix, key) in [("", nil), ("-own-key", "alias/secrets-encryption"), ("-other-key", "alias/other")] {
                        var members: [JSONValue.Member] = [
                            .init("Name", .string(name + suffix)), .init("SecretString", "value"),
                            .init("ClientRequestToken", .string("00000000-0000-0000-0000-00000000000\(index)")),
                        ]
                        if let key { members.append(.init("KmsKeyId", .string(key))) }
                        _ = try await client.call("secretsmanager.CreateSecret", .object(members))
                    }
                }
                let unknown = try await AccessSite.answer(
                    client,
                    "PutResourcePolicy",
                    ["SecretId": "production/db/mysql-main", "ResourcePolicy": .string(role)]
                )
                #expect(unknown.code == "MalformedPolicyDocumentException")
                #expect(unknown.message == "This resource policy contains an unsupported principal")
                let trust =
                    #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#
                _ = try await client.call(
                    "keyturn.CreateRole",
                    ["RoleName": "EC2RoleToAccessSecrets", "AssumeRolePolicyDocument": .string(trust)]
                )
                _ = try await client.call(
                    "secretsmanager.PutResourcePolicy",
                    ["SecretId": "production/db/mysql-main", "ResourcePolicy": .string(role), "BlockPublicPolicy": true]
                )
                for (stage, decision) in [(nil, "implicitDeny"), ("AWSCURRENT", "allowed"), ("AWSPREVIOUS", "implicitDeny")]
                    as [(String?, String)]
                {
                    let context: [JSONValue] = stage.map { [["Key": "secretsmanager:VersionStage", "Values": [.string($0)]]] } ?? []
                    let explained = try await client.call(
                        "keyturn.ExplainAccess",
                        [
                            "RoleName": "EC2RoleToAccessSecrets", "Action": "secretsmanager:GetSecretValue",
                            "Resource": "production/db/mysql-main", "Context": .array(context),
                        ]
                    )
                    #expect(explained["Decision"] == .string(decision))
                }
            }
            let appCredentials = try await user("app", production.replacing(Self.keyOfGuide, with: key))
            try await site.daemon.withClient(environment: appCredentials) { client in
                func read(_ secret: String) async throws -> AccessSite.Answer {
                    try await AccessSite.answer(client, "GetSecretValue", ["SecretId": .string(secret)])
                }
                #expect(try await read("production/db/postgresql-main") == .success)
                #expect(try await read("production/db/postgresql-main-own-key") == .success)
                let foreignKey = try await read("production/db/postgresql-main-other-key")
                #expect(foreignKey == .refused(code: "AccessDeniedException", message: "Access to KMS is not allowed"))
                let pretended = try await AccessSite.answer(
                    client,
                    "GetSecretValue",
                    [
                        "SecretId": "production/db/postgresql-main-other-key",
                        "KmsKeyId": .string(key),
                    ]
                )
                #expect(pretended == foreignKey, "a member that the operation does not have decides nothing")
                #expect(try await read("production/db/mysql-main").isDenied)
                let direct = try await Command.run(
                    ["aws", "kms", "describe-key", "--key-id", key],
                    environment: site.daemon.environment.merging(appCredentials) { _, new in new }
                )
                #expect(direct.errors.contains("(AccessDeniedException)") && direct.errors.contains("kms:DescribeKey"), "\(direct.errors)")
                let put = try await AccessSite.answer(client, "PutSecretValue", ["SecretId": "production/db/postgresql-main"])
                #expect(put.isDenied)
            }
        }
    }

    private static let keyOfGuide = "1234abcd-12ab-34cd-56ef-1234567890ab"

    /// - Returns: The id of a new KMS key that has this alias.
    private static func makeKey(_ alias: String, _ daemon: DaemonProcess, _ credentials: [String: String]) async throws -> String {
        let environment = daemon.environment.merging(credentials) { _, new in new }
        let made = try await Command.run(["aws", "kms", "create-key", "--output", "json"], environment: environment)
        let key = try #require(try JSONValue(parsing: made.output)["KeyMetadata"]?["KeyId"]?.stringValue)
        let named = try await Command.run(
            ["aws", "kms", "create-alias", "--alias-name", alias, "--target-key-id", key],
            environment: environment
        )
        #expect(named.exitCode == 0, "\(named.errors)")
        return key
    }
}
