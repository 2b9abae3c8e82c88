import AdminClient
import SecretModel
import Testing

/// KMS's own operations ask for each key that they use, and let nobody lock himself out unasked.
@Suite struct KeyUseTests {
    @Test func `ReEncrypt and UpdateAlias ask for both keys, and all about an alias for the alias too`() async throws {
        try await AccessSite.with { site in
            let (first, second) = (try await site.makeKey(), try await site.makeKey())
            let alias = first.replacing(/key\/.*$/, with: "alias/app")
            func contextIs(_ value: String) -> String { #"{"StringEquals":{"kms:EncryptionContext:app":"\#(value)"}}"# }
            let users = [
                AccessSite.User(
                    name: "mover",
                    statements: [
                        AccessSite.allow(["kms:ReEncryptFrom"], on: [first], if: contextIs("a")),
                        AccessSite.allow(["kms:ReEncryptTo"], on: [second], if: contextIs("b")),
                    ]
                ),
                AccessSite.User(
                    name: "by-alias",
                    statements: [AccessSite.allow(["kms:*"], if: #"{"StringLike":{"kms:RequestAlias":"alias/a*"}}"#)]
                ),
                AccessSite.User(name: "first", statements: [AccessSite.allow(["kms:*Alias"], on: [first, alias])]),
                AccessSite.User(name: "second", statements: [AccessSite.allow(["kms:*Alias"], on: [second, alias])]),
                AccessSite.User(name: "keys", statements: [AccessSite.allow(["kms:*Alias"], on: [first, second])]),
                AccessSite.User(name: "all", statements: [AccessSite.allow(["kms:*Alias"], on: [first, second, alias])]),
            ]
            let result = try await site.daemon.python(
                try await site.script(
                    users: users,
                    """
                    first, second = "\(first)", "\(second)"
                    admin = client("kms")
                    sealed = admin.encrypt(KeyId=first, Plaintext=b"text", EncryptionContext={"app": "a"})["CiphertextBlob"]
                    def moved(source, destination):
                        return dict(CiphertextBlob=sealed, SourceEncryptionContext={"app": source}, DestinationKeyId=second,
                            DestinationEncryptionContext={"app": destination})
                    made = client("kms", "mover").re_encrypt(**moved("a", "b"))
                    assert made["SourceKeyId"] == first and made["KeyId"] == second
                    refused("AccessDeniedException", "kms:ReEncryptTo", client("kms", "mover").re_encrypt, **moved("a", "a"))
                    refused("AccessDeniedException", "kms:ReEncryptFrom", client("kms", "mover").re_encrypt, **moved("b", "b"))

                    def denied(action, on, call, **arguments):
                        refused("AccessDeniedException", f"kms:{action} on resource: {on}", call, **arguments)
                    alias, moved = "\(alias)", dict(AliasName="alias/app", TargetKeyId=second)
                    denied("CreateAlias", alias, client("kms", "keys").create_alias, AliasName="alias/app", TargetKeyId=first)
                    denied("CreateAlias", first, client("kms", "second").create_alias, AliasName="alias/app", TargetKeyId=first)
                    denied("CreateAlias", alias + "2", client("kms", "all").create_alias, AliasName="alias/app2", TargetKeyId=first)
                    client("kms", "first").create_alias(AliasName="alias/app", TargetKeyId=first)
                    denied("UpdateAlias", second, client("kms", "first").update_alias, **moved)
                    denied("UpdateAlias", alias, client("kms", "second").update_alias, **moved)
                    denied("UpdateAlias", alias, client("kms", "keys").update_alias, **moved)
                    assert admin.describe_key(KeyId="alias/app")["KeyMetadata"]["Arn"] == first
                    client("kms", "all").update_alias(**moved)
                    assert admin.describe_key(KeyId="alias/app")["KeyMetadata"]["Arn"] == second
                    for name in ("alias/app", alias):
                        client("kms", "by-alias").generate_data_key(KeyId=name, KeySpec="AES_256")
                    refused("AccessDeniedException", "", client("kms", "by-alias").generate_data_key, KeyId=second, KeySpec="AES_256")
                    refused("AccessDeniedException", "", client("kms", "keys").encrypt, KeyId="alias/app", Plaintext=b"x", DryRun=True)
                    for user in ("first", "keys"):
                        denied("DeleteAlias", alias, client("kms", user).delete_alias, AliasName="alias/app")
                    client("kms", "second").delete_alias(AliasName="alias/app")
                    """
                )
            )
            #expect(result.exitCode == 0, "\(result.errors)")
        }
    }

    @Test func `nobody locks himself out of a key's policy, unless he says so`() async throws {
        try await AccessSite.with { site in
            let key = try await site.makeKey()
            let result = try await site.daemon.python(
                try await site.script(
                    users: [],
                    """
                    key, kms = "\(key)", client("kms")
                    def policy(action):
                        statement = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": action, "Resource": "*"}
                        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
                    locks, keeps = policy("kms:Decrypt"), policy(["kms:Decrypt", "kms:PutKeyPolicy"])
                    words = "The new key policy will not allow you to update the key policy in the future."
                    refused("MalformedPolicyDocumentException", words, kms.put_key_policy, KeyId=key, Policy=locks)
                    refused("MalformedPolicyDocumentException", words, kms.create_key, Policy=locks)
                    kms.put_key_policy(KeyId=key, Policy=keeps)
                    kms.put_key_policy(KeyId=key, Policy=locks, BypassPolicyLockoutSafetyCheck=True)
                    refused("AccessDeniedException", "kms:PutKeyPolicy", kms.put_key_policy, KeyId=key, Policy=keeps)
                    """
                )
            )
            #expect(result.exitCode == 0, "\(result.errors)")
        }
    }

    @Test func `nobody shuts himself out of a secret by its tags`() async throws {
        try await AccessSite.with { site in
            _ = try await site.makeSecret("db", tags: ["team": "a"])
            let mine = #"{"StringEquals":{"secretsmanager:ResourceTag/team":"a"}}"#
            try await site.withUser(.init(name: "tagger", statements: [AccessSite.allow(["secretsmanager:*"], if: mine)])) { client in
                let shuttingOut: [(String, JSONValue)] = [
                    ("TagResource", ["SecretId": "db", "Tags": [["Key": "team", "Value": "b"]]]),
                    ("UntagResource", ["SecretId": "db", "TagKeys": ["team"]]),
                ]
                for (operation, input) in shuttingOut {
                    let answer = try await AccessSite.answer(client, operation, input)
                    #expect(answer.isDenied, "\(operation): \(answer)")
                }
                let harmless = JSONValue.array([["Key": "stage", "Value": "test"], ["Key": "team", "Value": "a"]])
                let answer = try await AccessSite.answer(client, "TagResource", ["SecretId": "db", "Tags": harmless])
                #expect(answer == .success)
            }
            let described = try await site.admin.call("secretsmanager.DescribeSecret", ["SecretId": "db"])
            #expect(described["Tags"]?.arrayValue?.first == ["Key": "team", "Value": "a"])
        }
    }
}
