import AdminClient
import SecretModel
import Testing

/// A customer's KMS key protects the values under it also from those who may change the secret.
@Suite struct KeyAccessTests {
    @Test func `who may not use a key gets its values neither by another key nor by a replica`() async throws {
        try await AccessSite.with { site in
            let (key, own) = (try await site.makeKey(), try await site.makeKey())
            _ = try await site.makeSecret("db")
            _ = try await site.admin.call(
                "secretsmanager.UpdateSecret",
                ["SecretId": "db", "ClientRequestToken": "00000000-0000-0000-0000-00000000000b", "KmsKeyId": .string(key)]
            )
            let statements = [AccessSite.allow(["*"]), AccessSite.allow(["kms:*"], on: [key], effect: "Deny")]
            try await site.withUser(AccessSite.User(name: "eve", statements: statements)) { eve in
                let get: JSONValue = ["SecretId": "db"]
                let token: JSONValue = "00000000-0000-0000-0000-00000000000c"
                let attempts: [(String, JSONValue)] = [
                    ("GetSecretValue", get),
                    ("UpdateSecret", ["SecretId": "db", "ClientRequestToken": token, "KmsKeyId": ""]),
                    ("UpdateSecret", ["SecretId": "db", "ClientRequestToken": token, "KmsKeyId": .string(own)]),
                    ("ReplicateSecretToRegions", ["SecretId": "db", "AddReplicaRegions": [["Region": "us-west-2"]]]),
                ]
                for (operation, input) in attempts {
                    let answer = try await AccessSite.answer(eve, operation, input)
                    #expect(answer.isDenied, "\(operation) \(input.text)")
                }
                let last = try await AccessSite.answer(eve, "GetSecretValue", get)
                #expect(last.isDenied, "nothing that was tried has opened it")
            }
            let read = try await site.admin.call("secretsmanager.GetSecretValue", ["SecretId": "db"])
            #expect(read["SecretString"] == "value")
        }
    }

    @Test func `the key that an old version is under is asked for, not the one that the secret names now`() async throws {
        try await AccessSite.with { site in
            let (first, second) = (try await site.makeKey(), try await site.makeKey())
            func call(_ operation: String, _ input: [JSONValue.Member]) async throws {
                _ = try await site.admin.call("secretsmanager.\(operation)", .object([.init("SecretId", "db")] + input))
            }
            _ = try await site.makeSecret("db")
            let tokens = (1...4).map { JSONValue.string("00000000-0000-0000-0000-00000000000\($0)") }
            try await call(
                "UpdateSecret",
                [.init("ClientRequestToken", tokens[0]), .init("KmsKeyId", .string(first)), .init("SecretString", "old")]
            )
            for token in tokens[1...2] {
                try await call("PutSecretValue", [.init("ClientRequestToken", token), .init("SecretString", "between")])
            }
            try await call(
                "UpdateSecret",
                [.init("ClientRequestToken", tokens[3]), .init("KmsKeyId", .string(second)), .init("SecretString", "new")]
            )
            let statements = [AccessSite.allow(["*"]), AccessSite.allow(["kms:*"], on: [first], effect: "Deny")]
            try await site.withUser(AccessSite.User(name: "eve", statements: statements)) { eve in
                #expect(try await AccessSite.answer(eve, "GetSecretValue", ["SecretId": "db"]) == .success)
                let attempts: [(String, JSONValue)] = [
                    ("GetSecretValue", ["SecretId": "db", "VersionId": tokens[0]]),
                    ("PutSecretValue", ["SecretId": "db", "ClientRequestToken": tokens[0], "SecretString": "a guess"]),
                    ("CreateSecret", ["Name": "db", "ClientRequestToken": tokens[0], "SecretString": "a guess"]),
                    ("ReplicateSecretToRegions", ["SecretId": "db", "AddReplicaRegions": [["Region": "us-west-2"]]]),
                ]
                for (operation, input) in attempts {
                    let answer = try await AccessSite.answer(eve, operation, input)
                    #expect(answer.message == "Access to KMS is not allowed", "\(operation): \(answer)")
                }
            }
            let other = [AccessSite.allow(["*"]), AccessSite.allow(["kms:*"], on: [second], effect: "Deny")]
            try await site.withUser(AccessSite.User(name: "adam", statements: other)) { adam in
                let now = try await AccessSite.answer(adam, "GetSecretValue", ["SecretId": "db"])
                #expect(now.isDenied)
                let before = try await AccessSite.answer(adam, "GetSecretValue", ["SecretId": "db", "VersionId": tokens[0]])
                #expect(before == .success)
            }
        }
    }

    @Test func `a replica takes leave for the key of its region and to delete what it overwrites`() async throws {
        try await AccessSite.with { site in
            let region = "us-west-2"
            let elsewhere = ["AWS_DEFAULT_REGION": region, "AWS_REGION": region]
            let arn = try await site.makeSecret("db")
            let key = JSONValue.string(try await site.makeKey(in: region))
            let standing = try await site.daemon.withClient(environment: elsewhere) { client in
                let members: JSONValue = [
                    "Name": "db", "SecretString": "theirs", "ClientRequestToken": "00000000-0000-0000-0000-000000000001",
                ]
                let secret = try await client.call("secretsmanager.CreateSecret", members)
                return secret["ARN"]?.stringValue ?? ""
            }
            let withKey: JSONValue = [["Region": .string(region), "KmsKeyId": key]]
            let create: JSONValue = [
                "Name": "new", "SecretString": "x", "ClientRequestToken": "00000000-0000-0000-0000-000000000002",
                "AddReplicaRegions": withKey,
            ]
            for action in ["kms:GenerateDataKey", "kms:Encrypt"] {
                let denied = AccessSite.allow([action], on: [key.stringValue ?? ""], effect: "Deny")
                try await site.withUser(.init(name: "no-\(action.dropFirst(4))", statements: [AccessSite.allow(["*"]), denied])) { client in
                    let replicate: JSONValue = ["SecretId": "db", "AddReplicaRegions": withKey]
                    for (operation, input) in [("ReplicateSecretToRegions", replicate), ("CreateSecret", create)] {
                        let answer = try await AccessSite.answer(client, operation, input)
                        #expect(answer.message == "Access to KMS is not allowed", "\(operation): \(answer)")
                    }
                    let plain: JSONValue = ["SecretId": "new", "AddReplicaRegions": [["Region": .string(region)]]]
                    #expect(try await AccessSite.answer(client, "ReplicateSecretToRegions", plain).code == "ResourceNotFoundException")
                }
            }
            let keeper = AccessSite.allow(["secretsmanager:DeleteSecret"], on: [standing], effect: "Deny")
            try await site.withUser(.init(name: "keeper", statements: [AccessSite.allow(["*"]), keeper])) { client in
                let forced: JSONValue = ["SecretId": "db", "AddReplicaRegions": withKey, "ForceOverwriteReplicaSecret": true]
                let answer = try await AccessSite.answer(client, "ReplicateSecretToRegions", forced)
                #expect(
                    answer.isDenied && answer.message.contains("secretsmanager:DeleteSecret on resource: arn:aws:secretsmanager:\(region):")
                )
                #expect(!answer.message.contains(standing), "the ARN is not the caller's to learn")
            }
            let owner = try await site.daemon.withClient(environment: elsewhere) { client in
                try await client.call("secretsmanager.GetSecretValue", ["SecretId": "db"])
            }
            #expect(owner["SecretString"] == "theirs")
            try await site.withUser(.init(name: "all", statements: [AccessSite.allow(["*"])])) { client in
                let forced: JSONValue = ["SecretId": .string(arn), "AddReplicaRegions": withKey, "ForceOverwriteReplicaSecret": true]
                let made = try await client.call("secretsmanager.ReplicateSecretToRegions", forced)
                #expect(made["ReplicationStatus"]?.arrayValue?.first?["Status"] == "InSync", "\(made.text)")
            }
        }
    }

    @Test func `the condition keys of a replica name the region of its primary`() async throws {
        try await AccessSite.with { site in
            _ = try await site.makeSecret("db")
            let regions: JSONValue = [["Region": "us-west-2"]]
            _ = try await site.admin.call("secretsmanager.ReplicateSecretToRegions", ["SecretId": "db", "AddReplicaRegions": regions])
            let condition = #"{"StringEquals":{"secretsmanager:SecretPrimaryRegion":"\#(site.region)"}}"#
            let user = AccessSite.User(name: "reader", statements: [AccessSite.allow(["secretsmanager:GetSecretValue"], if: condition)])
            let credentials = try await site.credentials(of: user)
            for region in [site.region, "us-west-2"] {
                let environment = credentials.merging(["AWS_DEFAULT_REGION": region, "AWS_REGION": region]) { $1 }
                try await site.daemon.withClient(environment: environment) { client in
                    let answer = try await AccessSite.answer(client, "GetSecretValue", ["SecretId": "db"])
                    #expect(answer == .success, "\(region)")
                }
            }
        }
    }

    @Test func `W24 an admin secret is used for nobody who may not read it`() async throws {
        try await AccessSite.with { site in
            let admin = try await site.makeSecret("admin")
            func value(_ named: String, host: String = "127.0.0.1") -> JSONValue {
                .string(#"{"engine":"postgres","host":"\#(host)","port":1,"username":"app","password":"x","masterarn":"\#(named)"}"#)
            }
            let make: JSONValue = [
                "Name": "app", "SecretString": value(admin), "ClientRequestToken": "00000000-0000-0000-0000-000000000001",
            ]
            _ = try await site.admin.call("secretsmanager.CreateSecret", make)
            func rotate(_ client: APIClient, _ number: Int) async throws -> AccessSite.Answer {
                let input: JSONValue = [
                    "SecretId": "app", "ClientRequestToken": .string("00000000-0000-0000-0000-00000000001\(number)"),
                    "RotationLambdaARN": "arn:aws:lambda:eu-west-1:000000000000:function:postgres-single-user",
                ]
                return try await AccessSite.answer(client, "RotateSecret", input)
            }
            func put(_ value: JSONValue, _ number: Int) async throws {
                let token = JSONValue.string("00000000-0000-0000-0000-00000000002\(number)")
                let input: JSONValue = ["SecretId": "app", "SecretString": value, "ClientRequestToken": token]
                _ = try await site.admin.call("secretsmanager.PutSecretValue", input)
            }
            let denied = AccessSite.allow(
                ["secretsmanager:GetSecretValue"],
                on: ["arn:aws:secretsmanager:*:*:secret:admin-*"],
                effect: "Deny"
            )
            try await site.withUser(.init(name: "eve", statements: [AccessSite.allow(["*"]), denied])) { eve in
                let there = try await rotate(eve, 1)
                #expect(there.isDenied && there.message.contains("secretsmanager:GetSecretValue on resource: \(admin)"), "\(there)")
                let absent = admin.replacing(/......$/, with: "AbCdEf")
                try await put(value(absent), 1)
                let missing = try await rotate(eve, 2)
                #expect(missing.message.replacing(absent, with: admin) == there.message, "what is not there looks the same")
                let described = try await site.admin.call("secretsmanager.DescribeSecret", ["SecretId": "app"])
                #expect(described["RotationEnabled"] == nil, "I12")

                try await put(value(admin), 2)
                #expect(try await rotate(site.admin, 3) == .success)
                _ = try await site.admin.call("secretsmanager.CancelRotateSecret", ["SecretId": "app"])
                #expect(try await rotate(eve, 4) == .success, "it was bound by somebody who may")
                _ = try await site.admin.call("secretsmanager.CancelRotateSecret", ["SecretId": "app"])
                try await put(value(admin, host: "192.0.2.1"), 3)
                #expect(try await rotate(eve, 5).isDenied, "another host would see the admin's password")
            }
        }
    }
}
