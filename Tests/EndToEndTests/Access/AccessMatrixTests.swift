import AdminClient
import SecretModel
import Testing

/// Who may do what with which secret: identities × operations × resources, against a running daemon (`aws-service.md` §3).
@Suite struct AccessMatrixTests {
    /// What may be said of a call.
    enum Verdict: Character {
        case allowed = "+"
        /// No identity-based policy allows it.
        case noIdentityPolicy = "-"
        /// An identity-based policy denies it.
        case identityDeny = "x"
        /// The secret's policy denies it.
        case resourceDeny = "X"
        /// The caller's policies allow it, the secret's do not, and the secret is another account's.
        case noResourcePolicy = "r"
        /// Both allow it, but the default key is no other account's.
        case defaultKey = "k"
    }

    /// The operations that policies treat alike, with input that does no harm where it is let through.
    enum Group: String, CaseIterable {
        case read, stage, describe, inspect, write, tag, manage, create
    }

    /// For the secrets `app/db` (tag team=a), `prod/db` (tag team=b), `shared` (with a policy) and one that does not exist: a verdict each.
    struct Row {
        let user: AccessSite.User
        let verdicts: [Group: String]
    }

    private static let appSecrets = "arn:aws:secretsmanager:*:000000000000:secret:app/*-??????"
    private static let secretARN = "arn:aws:secretsmanager:*:*:secret"

    private static func all(_ verdicts: String, _ others: [Group: String] = [:]) -> [Group: String] {
        Dictionary(uniqueKeysWithValues: Group.allCases.map { ($0, others[$0] ?? verdicts) })
    }

    static let rows: [Row] = [
        Row(user: .init(name: "nobody"), verdicts: all("----")),
        Row(
            user: .init(
                name: "reader",
                statements: [
                    AccessSite.allow(["secretsmanager:get*", "secretsmanager:Describe*", "secretsmanager:List*"], on: [appSecrets])
                ]
            ),
            verdicts: all("----", [.read: "+---", .stage: "+---", .describe: "+---", .inspect: "+---"])
        ),
        Row(
            user: .init(
                name: "stages",
                statements: [
                    AccessSite.allow(
                        ["secretsmanager:GetSecretValue"],
                        if: #"{"StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}"#
                    )
                ]
            ),
            verdicts: all("----", [.stage: "++++"])
        ),
        Row(
            user: .init(
                name: "writer",
                statements: [
                    AccessSite.allow(
                        ["secretsmanager:Put*Value", "secretsmanager:Update*", "secretsmanager:RestoreSecret"],
                        on: [appSecrets]
                    ),
                    AccessSite.allow(["secretsmanager:CreateSecret"], on: ["\(secretARN):app/*", "\(secretARN):missing-new-??????"]),
                ]
            ),
            verdicts: all("----", [.write: "+---", .create: "+--+"])
        ),
        Row(
            user: .init(
                name: "careful",
                statements: [AccessSite.allow(["*"], on: ["\(secretARN):prod/*"], effect: "Deny")],
                isAdministrator: true
            ),
            verdicts: all("+x++")
        ),
        Row(
            user: .init(
                name: "team",
                statements: [
                    AccessSite.allow(
                        ["secretsmanager:*"],
                        if: #"{"StringEquals":{"secretsmanager:ResourceTag/team":"${aws:PrincipalTag/team}"}}"#
                    )
                ],
                tags: ["team": "a"]
            ),
            verdicts: all("+---", [.create: "----"])
        ),
        Row(
            user: .init(
                name: "teamless",
                statements: [
                    AccessSite.allow(
                        ["secretsmanager:*"],
                        if: #"{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}"#
                    )
                ]
            ),
            verdicts: all("----")
        ),
        Row(
            user: .init(
                name: "office",
                statements: [AccessSite.allow(["secretsmanager:*"], if: #"{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}"#)]
            ),
            verdicts: all("++++")
        ),
        Row(
            user: .init(
                name: "outside",
                statements: [AccessSite.allow(["secretsmanager:*"], if: #"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#)]
            ),
            verdicts: all("----")
        ),
        Row(
            user: .init(
                name: "nothing-but",
                statements: [
                    #"{"Effect":"Allow","NotAction":["secretsmanager:Delete*","secretsmanager:Get*"],"NotResource":"*:secret:prod/*"}"#
                        .replacing("*:secret", with: "arn:aws:secretsmanager:*:*:secret")
                ]
            ),
            verdicts: all("+-++", [.read: "----", .stage: "----", .inspect: "", .manage: ""])
        ),
        Row(user: .init(name: "granted", exists: true), verdicts: all("----", [.read: "--+-", .stage: "--+-", .describe: "--+-"])),
        Row(user: .init(name: "banned", isAdministrator: true, exists: true), verdicts: all("++X+", [.create: "++++"])),
        Row(
            user: .init(name: "partner", account: AccessSite.foreign, statements: [AccessSite.allow(["secretsmanager:*"])]),
            verdicts: all("rrrr", [.read: "rrkr", .stage: "rrkr", .describe: "rr+r", .create: "++++"])
        ),
        Row(user: .init(name: "outsider", account: AccessSite.foreign), verdicts: all("----")),
        Row(
            user: .init(
                name: "half",
                account: AccessSite.foreign,
                statements: [AccessSite.allow(["secretsmanager:DescribeSecret"], on: ["\(secretARN):shared-*"])]
            ),
            verdicts: all("----", [.describe: "--+-"])
        ),
    ]

    private static let sharedPolicy = [
        #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/granted"},"#
            + #""Action":["secretsmanager:GetSecretValue","secretsmanager:DescribeSecret"],"Resource":"*"}"#,
        #"{"Effect":"Allow","Principal":{"AWS":"999999999999"},"Action":["secretsmanager:GetSecretValue","secretsmanager:DescribeSecret"],"#
            + #""Resource":"*"}"#,
        #"{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::000000000000:user/banned"},"Action":"secretsmanager:*","Resource":"*"}"#,
    ]

    @Test func `every identity may do with every secret what the table says`() async throws {
        try await AccessSite.with { site in
            for name in ["granted", "banned"] {
                // The policy of a secret names them.
                _ = try await site.admin.call("keyturn.CreateUser", ["UserName": .string(name)])
            }
            let secrets = [
                ("app/db", try await site.makeSecret("app/db", tags: ["team": "a"])),
                ("prod/db", try await site.makeSecret("prod/db", tags: ["team": "b"])),
                ("shared", try await site.makeSecret("shared", policy: Self.sharedPolicy)),
                ("missing", "arn:aws:secretsmanager:\(site.region):000000000000:secret:missing-AbCdEf"),
            ]
            var decisions = 0
            for row in Self.rows {
                decisions += try await site.withUser(row.user) { try await Self.check(row, $0, secrets) }
            }
            #expect(decisions >= 300, "\(decisions) decisions")
        }
    }

    /// - Returns: How many decisions were looked at.
    private static func check(_ row: Row, _ client: APIClient, _ secrets: [(name: String, arn: String)]) async throws -> Int {
        var decisions = 0
        let byARN = row.user.account != AccessSite.home
        for group in Group.allCases {
            for (secret, mark) in zip(secrets, row.verdicts[group] ?? "") {
                let verdict = try #require(Verdict(rawValue: mark))
                let named = byARN && group != .create ? secret.arn : group == .create ? "\(secret.name)-new" : secret.name
                for call in Self.calls(group, named) {
                    let answer = try await AccessSite.answer(client, call.operation, call.input)
                    decisions += 1
                    #expect(
                        Self.matches(answer, verdict, row.user.arn, call.operation, named),
                        "\(row.user.name) \(call.operation) \(named): \(verdict), answered \(answer)"
                    )
                }
            }
        }
        return decisions
    }

    private static func matches(_ answer: AccessSite.Answer, _ verdict: Verdict, _ user: String, _ operation: String, _ named: String)
        -> Bool
    {
        let action = "secretsmanager:\(operation)"
        let prefix = "User: \(user) is not authorized to perform: \(action) on resource: \(named) "
        switch verdict {
        case .allowed: return !answer.isDenied
        case .noIdentityPolicy: return answer.message == "\(prefix)because no identity-based policy allows the \(action) action"
        case .noResourcePolicy: return answer.message == "\(prefix)because no resource-based policy allows the \(action) action"
        case .identityDeny: return answer.message == "\(prefix)with an explicit deny in an identity-based policy"
        case .resourceDeny: return answer.message == "\(prefix)with an explicit deny in a resource-based policy"
        case .defaultKey:
            return answer.code == "InvalidRequestException"
                && answer.message.hasPrefix("You can't access a secret from a different AWS account if you encrypt the secret")
        }
    }

    /// Calls of a group; where permission is not the question, something else stops those that would change anything.
    static func calls(_ group: Group, _ secret: String) -> [(operation: String, input: JSONValue)] {
        func call(_ operation: String, _ members: (String, JSONValue)...) -> (String, JSONValue) {
            (operation, .object([.init("SecretId", .string(secret))] + members.map { .init($0.0, $0.1) }))
        }
        return switch group {
        case .read: [call("GetSecretValue")]
        case .stage: [call("GetSecretValue", ("VersionStage", "AWSCURRENT"))]
        case .describe: [call("DescribeSecret")]
        case .inspect: [call("ListSecretVersionIds"), call("GetResourcePolicy")]
        case .write:
            [call("PutSecretValue"), call("UpdateSecret"), call("UpdateSecretVersionStage", ("VersionStage", "x")), call("RestoreSecret")]
        case .tag: [call("TagResource", ("Tags", [])), call("UntagResource", ("TagKeys", []))]
        case .manage:
            [
                call("DeleteSecret", ("RecoveryWindowInDays", 7), ("ForceDeleteWithoutRecovery", true)),
                call("PutResourcePolicy", ("ResourcePolicy", "{}")), call("RotateSecret"), call("CancelRotateSecret"),
                call("StopReplicationToReplica"),
            ]
        case .create: [("CreateSecret", ["Name": .string(secret)])]
        }
    }

    @Test func `who has no rights learns nothing of which secrets exist`() async throws {
        try await AccessSite.with { site in
            let there = try await site.makeSecret("app/there")
            let scheduled = try await site.makeSecret("app/gonex")
            _ = try await site.admin.call("secretsmanager.DeleteSecret", ["SecretId": .string(scheduled)])
            let absent = there.replacing("app/there", with: "app/other")
            let partial = (String(there.dropLast(7)), String(absent.dropLast(7)))
            try await site.withUser(.init(name: "nobody")) { client in
                for group in Group.allCases where group != .create {
                    for (known, unknown) in [("app/there", "app/other"), ("app/gonex", "app/other"), (there, absent), partial] {
                        for (first, second) in zip(Self.calls(group, known), Self.calls(group, unknown)) {
                            let one = try await AccessSite.answer(client, first.operation, first.input)
                            let other = try await AccessSite.answer(client, second.operation, second.input)
                            #expect(one.isDenied)
                            #expect(one.message.replacing(known, with: "…") == other.message.replacing(unknown, with: "…"))
                            #expect(one.code == other.code)
                        }
                    }
                }
                for (operation, input) in [
                    ("ListSecrets", [:]), ("GetRandomPassword", [:]), ("BatchGetSecretValue", ["SecretIdList": ["app/there"]]),
                    ("keyturn.ListUsers", [:]), ("keyturn.ListRotations", [:]), ("keyturn.ListAuditRecords", [:]),
                    ("keyturn.ExplainAccess", ["UserName": "admin", "Action": "a:b", "Resource": "*"]),
                ] as [(String, JSONValue)] {
                    #expect(try await AccessSite.answer(client, operation, input).isDenied, "\(operation)")
                }
            }
            let lists = AccessSite.allow(["secretsmanager:BatchGetSecretValue", "secretsmanager:CreateSecret"])
            try await site.withUser(.init(name: "batcher", statements: [lists])) { client in
                let ids: JSONValue = ["SecretIdList": ["app/there", "app/other"]]
                let batch = try await client.call("secretsmanager.BatchGetSecretValue", ids)
                #expect(batch["SecretValues"] == [])
                let errors = batch["Errors"]?.arrayValue ?? []
                #expect(errors.map { $0["ErrorCode"] } == ["AccessDeniedException", "AccessDeniedException"])
                let filtered = try await AccessSite.answer(
                    client,
                    "BatchGetSecretValue",
                    ["Filters": [["Key": "name", "Values": ["app"]]]]
                )
                #expect(filtered.message.contains("is not authorized to perform: secretsmanager:ListSecrets on resource: *"))
                let tagged = try await AccessSite.answer(
                    client,
                    "CreateSecret",
                    [
                        "Name": "app/new", "ClientRequestToken": "00000000-0000-0000-0000-000000000001",
                        "Tags": [["Key": "a", "Value": "b"]],
                    ]
                )
                #expect(tagged.message.contains("is not authorized to perform: secretsmanager:TagResource on resource: app/new"))
            }
        }
    }
}
