import AdminClient
import SecretModel
import Testing

/// What reaches from one account into another: keys, secrets, and what is on record of it.
@Suite struct ForeignAccessTests {
    @Test func `a key and a secret of another account are used by leave of both, and both have it on record`() async throws {
        try await AccessSite.with { site in
            let (shared, own) = (try await site.makeKey(), try await site.makeKey())
            let statements = [
                #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"}"#,
                #"{"Effect":"Allow","Principal":{"AWS":"999999999999"},"#
                    + #""Action":["kms:Encrypt","kms:Decrypt","kms:GenerateDataKey","kms:DescribeKey"],"Resource":"*"}"#,
            ]
            let policy = AccessSite.policy(statements)
            _ = try await site.daemon.answer(of: "kms", "put-key-policy", "--key-id", shared, "--policy", policy)
            let secretPolicy =
                #"{"Effect":"Allow","Principal":{"AWS":"999999999999"},"#
                + #""Action":["secretsmanager:GetSecretValue","secretsmanager:PutSecretValue"],"Resource":"*"}"#
            let secret = try await site.makeSecret("shared", policy: [secretPolicy])
            _ = try await site.daemon.answer("update-secret", "--secret-id", secret, "--kms-key-id", shared)
            let partner = AccessSite.User(name: "partner", account: AccessSite.foreign, statements: [AccessSite.allow(["*"])])
            let result = try await site.daemon.python(
                try await site.script(
                    users: [partner],
                    """
                    shared, own, secret = "\(shared)", "\(own)", "\(secret)"
                    kms = client("kms", "partner")
                    sealed = kms.encrypt(KeyId=shared, Plaintext=b"text")
                    assert sealed["KeyId"] == shared
                    assert kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"])["Plaintext"] == b"text"
                    assert client("kms").decrypt(CiphertextBlob=sealed["CiphertextBlob"])["Plaintext"] == b"text"
                    assert len(kms.generate_data_key(KeyId=shared, KeySpec="AES_256")["Plaintext"]) == 32
                    assert kms.describe_key(KeyId=shared)["KeyMetadata"]["Arn"] == shared
                    refused("NotFoundException", "", kms.encrypt, KeyId=shared.split("/")[1], Plaintext=b"x")
                    refused("AccessDeniedException", "resource-based policy", kms.encrypt, KeyId=own, Plaintext=b"x")
                    refused("AccessDeniedException", "resource-based policy", kms.disable_key, KeyId=shared)
                    refused("InvalidGrantTokenException", "", client("kms").encrypt, KeyId=own, Plaintext=b"x", GrantTokens=["t"])

                    secrets = client("secretsmanager", "partner")
                    assert secrets.get_secret_value(SecretId=secret)["SecretString"] == "value"
                    secrets.put_secret_value(SecretId=secret, SecretString="theirs")
                    refused("AccessDeniedException", "", secrets.delete_secret, SecretId=secret)

                    def records(user, name):
                        found = client("cloudtrail", user).lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}])
                        records = [json.loads(event["CloudTrailEvent"]) for event in found["Events"]]
                        return [r for r in records if r["userIdentity"].get("accountId") == "999999999999" and "errorCode" not in r]
                    for name in ("Encrypt", "GetSecretValue", "PutSecretValue"):
                        (ours,), (theirs,) = records(None, name), records("partner", name)
                        assert ours["sharedEventID"] == theirs["sharedEventID"] and ours["eventID"] != theirs["eventID"], (ours, theirs)
                        assert (ours["recipientAccountId"], theirs["recipientAccountId"]) == ("000000000000", "999999999999")
                    found = client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "DeleteSecret"}])
                    assert found["Events"] == [], "a stranger's refusals do not fill the owner's trail"
                    """
                )
            )
            #expect(result.exitCode == 0, "\(result.errors)")
        }
    }

    @Test func `a secret under a key of another account is as usable as that account lets it be`() async throws {
        try await AccessSite.with { site in
            let (shared, own) = (try await site.makeKey(), try await site.makeKey())
            let users = [
                AccessSite.User(name: "partner", account: AccessSite.foreign, statements: [AccessSite.allow(["*"])]),
                AccessSite.User(name: "keyless", account: AccessSite.foreign, statements: [AccessSite.allow(["secretsmanager:*"])]),
            ]
            let result = try await site.daemon.python(
                try await site.script(
                    users: users,
                    """
                    shared, own, admin = "\(shared)", "\(own)", client("kms")
                    alias, bare = shared.split("key/")[0] + "alias/shared", shared.split("/")[1]
                    admin.create_alias(AliasName="alias/shared", TargetKeyId=shared)
                    def share(*actions):
                        statements = [{"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "kms:*", "Resource": "*"}]
                        if actions: statements.append({"Effect": "Allow", "Principal": {"AWS": "999999999999"}, "Action": actions, "Resource": "*"})
                        admin.put_key_policy(KeyId=shared, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
                    secrets, keyless = client("secretsmanager", "partner"), client("secretsmanager", "keyless")
                    read = lambda version=None: secrets.get_secret_value(SecretId="mine", **({"VersionId": version} if version else {}))
                    denied = ("AccessDeniedException", "Access to KMS is not allowed")

                    refused(*denied, secrets.create_secret, Name="mine", SecretString="x", KmsKeyId=shared)
                    share("kms:GenerateDataKey", "kms:Decrypt")
                    refused(*denied, keyless.create_secret, Name="mine", SecretString="x", KmsKeyId=shared)
                    refused(*denied, secrets.create_secret, Name="mine", SecretString="x", KmsKeyId=own)
                    first = secrets.create_secret(Name="mine", SecretString="one", KmsKeyId=shared)["VersionId"]
                    assert secrets.describe_secret(SecretId="mine")["KmsKeyId"] == shared
                    versions = secrets.list_secret_version_ids(SecretId="mine")["Versions"]
                    assert [v["KmsKeyIds"] for v in versions] == [[shared]], versions
                    assert read()["SecretString"] == "one"
                    refused(*denied, keyless.get_secret_value, SecretId="mine")
                    for other in (bare, alias.replace("000000000000", "999999999999"), shared.replace("000000000000", "999999999999")):
                        refused("EncryptionFailure", "", secrets.update_secret, SecretId="mine", KmsKeyId=other)
                    client("secretsmanager").create_secret(Name="theirs", SecretString="x")
                    theirs = alias.replace("alias/shared", "alias/aws/secretsmanager")
                    refused(*denied, secrets.update_secret, SecretId="mine", KmsKeyId=theirs)

                    secrets.update_secret(SecretId="mine", KmsKeyId=alias, SecretString="two")
                    assert secrets.describe_secret(SecretId="mine")["KmsKeyId"] == alias
                    assert read()["SecretString"] == "two"
                    admin.disable_key(KeyId=shared)
                    refused("DecryptionFailure", shared + " is disabled.", read)
                    refused("EncryptionFailure", shared + " is disabled.", secrets.put_secret_value, SecretId="mine", SecretString="three")
                    admin.enable_key(KeyId=shared)
                    share()
                    refused(*denied, read)
                    refused(*denied, secrets.put_secret_value, SecretId="mine", SecretString="three")
                    refused(*denied, secrets.update_secret, SecretId="mine", KmsKeyId="")
                    share("kms:Decrypt")
                    assert read(first)["SecretString"] == "one"
                    refused(*denied, secrets.put_secret_value, SecretId="mine", SecretString="three")
                    secrets.update_secret(SecretId="mine", KmsKeyId="")
                    share()
                    assert read()["SecretString"] == "two", "it needs that key no more"
                    """
                )
            )
            #expect(result.exitCode == 0, "\(result.errors)")
        }
    }

    @Test func `what one account does with the identities of another is on record in both`() async throws {
        try await AccessSite.with { site in
            let ann: JSONValue = ["UserName": "ann"]
            _ = try await site.admin.call("keyturn.CreateUser", ann)
            let trusted = #"["999999999999","arn:aws:iam::000000000000:user/ann"]"#
            let trust = #"{"Statement":{"Effect":"Allow","Principal":{"AWS":\#(trusted)},"Action":"sts:AssumeRole"}}"#
            let role: JSONValue = ["RoleName": "guest", "AssumeRolePolicyDocument": .string(trust)]
            _ = try await site.admin.call("keyturn.CreateRole", role)
            let secret = try await site.makeSecret("db", policy: [Self.letting("user/ann", "secretsmanager:GetSecretValue")])
            let key = try await site.makeKey()
            let policy = AccessSite.policy([Self.letting("root", "kms:*"), Self.letting("user/ann", "kms:Decrypt")])
            _ = try await site.daemon.answer(of: "kms", "put-key-policy", "--key-id", key, "--policy", policy)
            _ = try await site.admin.call("keyturn.DeleteUser", ann)
            let partner = AccessSite.User(name: "partner", account: AccessSite.foreign, statements: [AccessSite.allow(["*"])])
            let result = try await site.daemon.python(
                try await site.script(
                    users: [partner],
                    """
                    secret, key, role = "\(secret)", "\(key)", "arn:aws:iam::000000000000:role/guest"
                    client("sts", "partner").assume_role(RoleArn=role, RoleSessionName="sess")
                    refused("AccessDenied", "", client("sts", "partner").assume_role, RoleArn=role + "s", RoleSessionName="sess")

                    def records(user, name, value="EventName"):
                        found = client("cloudtrail", user).lookup_events(LookupAttributes=[{"AttributeKey": value, "AttributeValue": name}])
                        return [json.loads(event["CloudTrailEvent"]) for event in found["Events"]]
                    def pair(name, ours, theirs):
                        assert ours["sharedEventID"] == theirs["sharedEventID"] and ours["eventID"] != theirs["eventID"], (ours, theirs)
                        assert (ours["recipientAccountId"], theirs["recipientAccountId"]) == ("000000000000", "999999999999")
                    (ours,) = records(None, "AssumeRole")
                    (theirs,) = [r for r in records("partner", "AssumeRole") if "errorCode" not in r]
                    pair("AssumeRole", ours, theirs)
                    assert ours["userIdentity"]["accountId"] == "999999999999" and ours["requestParameters"]["roleArn"] == role
                    assert [r["eventName"] for r in records(None, role, "ResourceName")] == ["AssumeRole", "UpdateRole", "CreateRole"]
                    (theirs,) = records("partner", "CreateUser")
                    (ours,) = [r for r in records(None, "CreateUser") if r["requestParameters"]["userName"] == "partner"]
                    pair("CreateUser", ours, theirs)
                    assert theirs["userIdentity"]["accountId"] == "000000000000"

                    ann = "arn:aws:iam::000000000000:user/ann"
                    for resource, event in ((secret, "PutResourcePolicy"), (key, "PutKeyPolicy"), (role, "UpdateRole")):
                        (changed,) = [r for r in records(None, resource, "ResourceName") if "deletedPrincipal" in (r["requestParameters"] or {})]
                        assert changed["eventName"] == event and changed["requestParameters"]["deletedPrincipal"] == ann, changed
                        assert changed["requestParameters"]["replacement"].startswith("AIDA"), changed
                        (deletion,) = records(None, "DeleteUser")
                        assert changed["requestID"] == deletion["requestID"] and changed["eventID"] != deletion["eventID"]
                    """
                )
            )
            #expect(result.exitCode == 0, "\(result.errors)")
        }
    }

    private static func letting(_ principal: String, _ action: String) -> String {
        #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:\#(principal)"},"Action":"\#(action)","Resource":"*"}"#
    }

    @Test func `asking what policies say tells nobody of secrets, keys and roles whose policy he may not read`() async throws {
        try await AccessSite.with { site in
            let there = try await site.makeSecret("there")
            let absent = there.replacing("there", with: "other")
            let key = try await site.makeKey()
            let trust = #"{"Statement":{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}}"#
            let role: JSONValue = ["RoleName": "there", "AssumeRolePolicyDocument": .string(trust)]
            _ = try await site.admin.call("keyturn.CreateRole", role)
            let roleARN = "arn:aws:iam::000000000000:role/there"
            let statements = [
                AccessSite.allow(["keyturn:ExplainAccess", "secretsmanager:GetSecretValue", "kms:Decrypt", "sts:AssumeRole"])
            ]
            try await site.withUser(.init(name: "asker", account: AccessSite.foreign, statements: statements)) { client in
                var answers: [String] = []
                for resource in [there, absent] {
                    let question: JSONValue = [
                        "UserName": "asker", "Action": "secretsmanager:GetSecretValue", "Resource": .string(resource),
                    ]
                    let answer = try await AccessSite.answer(client, "keyturn.ExplainAccess", question)
                    #expect(answer.isDenied && answer.message.contains("secretsmanager:GetResourcePolicy"), "\(answer)")
                    answers.append(answer.message.replacing(resource, with: "…"))
                }
                #expect(answers.first == answers.last)
                let others: [(String, String, String)] = [
                    (roleARN, roleARN.replacing("there", with: "other"), "keyturn:DescribeRole"),
                    (key, key.replacing(/.{12}$/, with: "000000000000"), "kms:GetKeyPolicy"),
                ]
                for (known, unknown, action) in others {
                    var answers: [String] = []
                    for resource in [known, unknown] {
                        let question: JSONValue = ["UserName": "asker", "Action": "sts:AssumeRole", "Resource": .string(resource)]
                        let answer = try await AccessSite.answer(client, "keyturn.ExplainAccess", question)
                        #expect(answer.isDenied && answer.message.contains(action), "\(answer)")
                        answers.append(answer.message.replacing(resource, with: "…"))
                    }
                    #expect(answers.first == answers.last)
                }
            }
            for (resource, action, decision) in [(roleARN, "sts:AssumeRole", "allowed"), (key, "kms:Decrypt", "allowed")] {
                let question: JSONValue = ["UserName": "admin", "Action": .string(action), "Resource": .string(resource)]
                let explained = try await site.admin.call("keyturn.ExplainAccess", question)
                #expect(explained["Decision"]?.stringValue == decision, "\(explained.text)")
            }
            let locked = AccessSite.policy([Self.letting("root", "kms:Get*"), Self.letting("root", "kms:PutKeyPolicy")])
            _ = try await site.daemon.answer(of: "kms", "put-key-policy", "--key-id", key, "--policy", locked)
            let use: JSONValue = ["UserName": "admin", "Action": "kms:Decrypt", "Resource": .string(key)]
            let refused = try await site.admin.call("keyturn.ExplainAccess", use)
            #expect(refused["Decision"] == "implicitDeny", "the key's policy decides too: \(refused.text)")
            let question: JSONValue = [
                "UserName": "admin", "Action": "secretsmanager:GetSecretValue",
                "Resource": .string(there.replacing(AccessSite.home, with: AccessSite.foreign)),
            ]
            let explained = try await site.admin.call("keyturn.ExplainAccess", question)
            #expect(explained["Decision"] == "implicitDeny", "the installation's own account may ask about all")
        }
    }
}
