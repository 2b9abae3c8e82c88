import AdminClient
import SecretModel
import Testing

/// A customer's KMS key protects the values under it also from those who may change the secret.
@Suite struct KeyAccessTests {
    @Test func `who may not use a key gets its values neither by another key nor by a replica`() async throws {
        try await AccessSite.with { site in
            let daemon = site.daemon
            let key = try await daemon.answer(of: "kms", "create-key")["KeyMetadata"]?["Arn"]?.stringValue ?? ""
            let own = try await daemon.answer(of: "kms", "create-key")["KeyMetadata"]?["Arn"]?.stringValue ?? ""
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
                    ("ReplicateSecretToRegions", ["SecretId": "db", "AddReplicaRegions": [["Region": "us-east-1"]]]),
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
}
