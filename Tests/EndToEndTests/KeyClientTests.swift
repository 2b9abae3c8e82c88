import AdminClient
import SecretModel
import TestSupport
import Testing

/// KMS and STS at the same address, driven by boto3 and the aws command line, unmodified.
@Suite struct KeyClientTests {
    @Test func `boto3 manages keys through their life`() async throws {
        let daemon = try await DaemonProcess()
        let result = try await daemon.python(
            """
            import boto3, datetime
            from botocore.exceptions import ClientError
            kms = boto3.client("kms")

            def refused(code, text, call, status=400, **arguments):
                try:
                    call(**arguments)
                except ClientError as error:
                    assert error.response["Error"]["Code"] == code, error.response
                    assert text in error.response["Error"]["Message"], error.response
                    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status
                    return
                raise AssertionError(f"{code} expected")

            made = kms.create_key(Description="app", Tags=[{"TagKey": "team", "TagValue": "a"}])["KeyMetadata"]
            assert set(made) == {"AWSAccountId", "KeyId", "Arn", "CreationDate", "Enabled", "Description", "KeyUsage", "KeyState", "Origin",
                "KeyManager", "CustomerMasterKeySpec", "KeySpec", "EncryptionAlgorithms", "MultiRegion"}, made
            assert made["Arn"].endswith(":key/" + made["KeyId"]) and made["KeyState"] == "Enabled" and made["KeyManager"] == "CUSTOMER"
            key, arn = made["KeyId"], made["Arn"]
            kms.create_alias(AliasName="alias/app", TargetKeyId=key)
            for form in (key, arn, "alias/app", arn.split("key/")[0] + "alias/app"):
                assert kms.describe_key(KeyId=form)["KeyMetadata"]["KeyId"] == key
            assert [a["TargetKeyId"] for a in kms.list_aliases()["Aliases"] if a["AliasName"] == "alias/app"] == [key]
            refused("AlreadyExistsException", "already exists", kms.create_alias, AliasName="alias/app", TargetKeyId=key)
            refused("NotFoundException", "does not exist", kms.describe_key, KeyId="12345678-0000-0000-0000-000000000000")
            refused("NotFoundException", "Alias arn:aws:kms:", kms.describe_key, KeyId="alias/none")
            refused("InvalidArnException", "Invalid arn", kms.describe_key, KeyId="arn:aws:kms:x")
            refused("ValidationException", "satisfy enum value set", kms.create_key, KeySpec="DES")
            refused("UnsupportedOperationException", "RSA_2048", kms.create_key, KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
            refused("MalformedPolicyDocumentException", "", kms.create_key, Policy="{}")

            for number in range(4): kms.create_key(Description=str(number))
            pages = list(kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2}))
            assert [len(page["Keys"]) for page in pages] == [2, 2, 1], pages
            assert key in [k["KeyId"] for page in pages for k in page["Keys"]]
            refused("InvalidMarkerException", "", kms.list_keys, Marker="x")

            assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
            kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
            status = kms.get_key_rotation_status(KeyId=key)
            assert status["KeyRotationEnabled"] and status["RotationPeriodInDays"] == 180
            assert (status["NextRotationDate"].date() - datetime.datetime.now(datetime.timezone.utc).date()).days in (179, 180, 181)
            kms.rotate_key_on_demand(KeyId=key)
            assert [r["RotationType"] for r in kms.list_key_rotations(KeyId=key)["Rotations"]] == ["ON_DEMAND"]
            kms.disable_key_rotation(KeyId=key)

            assert '"kms:*"' in kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
            policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}'
            kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
            assert kms.get_key_policy(KeyId=key)["Policy"] == policy
            assert kms.list_key_policies(KeyId=key)["PolicyNames"] == ["default"]

            kms.tag_resource(KeyId=key, Tags=[{"TagKey": "team", "TagValue": "b"}, {"TagKey": "tier", "TagValue": ""}])
            kms.untag_resource(KeyId=key, TagKeys=["tier"])
            tags = kms.list_resource_tags(KeyId=key)
            assert tags["Tags"] == [{"TagKey": "team", "TagValue": "b"}] and tags["Truncated"] is False
            refused("TagException", "aws:", kms.tag_resource, KeyId=key, Tags=[{"TagKey": "aws:x", "TagValue": ""}])
            kms.update_key_description(KeyId=key, Description="")
            assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == ""

            context = {"a": "1", "b": "2"}
            sealed = kms.encrypt(KeyId="alias/app", Plaintext=b"text", EncryptionContext=context)
            assert sealed["KeyId"] == arn and sealed["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
            opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=context)
            assert opened["Plaintext"] == b"text" and opened["KeyId"] == arn
            refused("InvalidCiphertextException", "", kms.decrypt, CiphertextBlob=sealed["CiphertextBlob"])
            other = kms.create_key()["KeyMetadata"]["KeyId"]
            refused("IncorrectKeyException", "", kms.decrypt, CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=context, KeyId=other)
            again = kms.re_encrypt(CiphertextBlob=sealed["CiphertextBlob"], SourceEncryptionContext=context, DestinationKeyId=other)
            assert again["SourceKeyId"] == arn and kms.decrypt(CiphertextBlob=again["CiphertextBlob"])["Plaintext"] == b"text"
            data = kms.generate_data_key(KeyId=key, KeySpec="AES_256")
            assert len(data["Plaintext"]) == 32 and kms.decrypt(CiphertextBlob=data["CiphertextBlob"])["Plaintext"] == data["Plaintext"]
            assert "Plaintext" not in kms.generate_data_key_without_plaintext(KeyId=key, NumberOfBytes=64)
            refused("ValidationException", "number of bytes or key spec", kms.generate_data_key, KeyId=key)
            refused("ValidationException", "less than or equal to 4096", kms.encrypt, KeyId=key, Plaintext=b"x" * 4097)
            assert len(kms.generate_random(NumberOfBytes=7)["Plaintext"]) == 7
            elsewhere = boto3.client("kms", region_name="us-west-2")
            refused("AccessDeniedException", "does not exist in this region", elsewhere.decrypt, CiphertextBlob=again["CiphertextBlob"])

            mixed = dict(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"a": "2"})
            moved = dict(CiphertextBlob=sealed["CiphertextBlob"], SourceEncryptionContext=context, DestinationKeyId=other)
            dry = [(kms.encrypt, dict(KeyId=key, Plaintext=b"x")), (kms.decrypt, {**mixed, "EncryptionContext": context}), (kms.re_encrypt, moved),
                (kms.generate_data_key, dict(KeyId=key, KeySpec="AES_256")),
                (kms.generate_data_key_without_plaintext, dict(KeyId=key, KeySpec="AES_256"))]
            for call, arguments in dry:
                refused("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", call, status=412,
                    DryRun=True, **arguments)
                call(DryRun=False, **arguments)
            refused("InvalidCiphertextException", "", kms.decrypt, DryRun=True, **mixed)
            blind = dict(DryRun=True, DryRunModifiers=["IGNORE_CIPHERTEXT"])
            refused("DryRunOperationException", "", kms.decrypt, status=412, KeyId=key, **blind)
            refused("DryRunOperationException", "", kms.re_encrypt, status=412, **{**moved, **blind, "SourceKeyId": key, "CiphertextBlob": b"x"})
            refused("ValidationException", "keyId", kms.decrypt, **blind)
            refused("ValidationException", "ciphertextBlob", kms.decrypt, KeyId=key)

            kms.disable_key(KeyId=key)
            assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
            refused("DisabledException", arn + " is disabled.", kms.encrypt, KeyId=key, Plaintext=b"x")
            for call, arguments in dry: refused("DisabledException", "", call, DryRun=True, **arguments)
            refused("DisabledException", "", kms.decrypt, KeyId=key, **blind)
            scheduled = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
            assert scheduled["KeyState"] == "PendingDeletion" and scheduled["KeyId"] == arn
            refused("KMSInvalidStateException", arn + " is pending deletion.", kms.schedule_key_deletion, KeyId=key)
            refused("KMSInvalidStateException", "is pending deletion", kms.decrypt, CiphertextBlob=data["CiphertextBlob"])
            assert kms.describe_key(KeyId=key)["KeyMetadata"]["DeletionDate"] == scheduled["DeletionDate"]
            kms.cancel_key_deletion(KeyId=key)
            kms.enable_key(KeyId=key)
            assert kms.decrypt(CiphertextBlob=data["CiphertextBlob"])["Plaintext"] == data["Plaintext"]
            kms.update_alias(AliasName="alias/app", TargetKeyId=other)
            kms.delete_alias(AliasName="alias/app")
            refused("NotFoundException", "is not found", kms.delete_alias, AliasName="alias/app")
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func `a secret is as readable as its key is usable`() async throws {
        let daemon = try await DaemonProcess()
        let key = try await daemon.answer(of: "kms", "create-key")
        let arn = try #require(key["KeyMetadata"]?["Arn"]?.stringValue)
        _ = try await daemon.answer(of: "kms", "create-alias", "--alias-name", "alias/secrets-encryption", "--target-key-id", arn)
        let alias = ["--kms-key-id", "alias/secrets-encryption"]
        _ = try await daemon.answer("create-secret", "--name", "a", "--secret-string", "one", alias[0], alias[1])
        #expect(try await daemon.answer("describe-secret", "--secret-id", "a")["KmsKeyId"] == "alias/secrets-encryption")
        let versions = try await daemon.answer("list-secret-version-ids", "--secret-id", "a")["Versions"]?.arrayValue
        #expect(versions?.map { $0["KmsKeyIds"] } == [[.string(arn)]])

        _ = try await daemon.answer(of: "kms", "disable-key", "--key-id", arn)
        func alerts() async throws -> [String] {
            let list = try await daemon.withClient { try await $0.call("keyturn.ListAlerts", [:]) }["Alerts"]?.arrayValue ?? []
            return list.map { "\($0["Name"]?.stringValue ?? "") \($0["KeyArn"]?.stringValue ?? "")" }
        }
        #expect(try await alerts() == ["SecretKeyDisabled \(arn)"])
        let read = try await daemon.aws("get-secret-value", "--secret-id", "a")
        #expect(read.errors.contains("(DecryptionFailure)") && read.errors.contains("\(arn) is disabled."), "\(read.errors)")
        let written = try await daemon.aws("put-secret-value", "--secret-id", "a", "--secret-string", "two")
        #expect(written.errors.contains("(EncryptionFailure)"), "\(written.errors)")
        let batch = try await daemon.answer("batch-get-secret-value", "--secret-id-list", "a")
        #expect(batch["Errors"]?.arrayValue?.first?["ErrorCode"] == "DecryptionFailure")
        _ = try await daemon.answer(of: "kms", "schedule-key-deletion", "--key-id", arn, "--pending-window-in-days", "7")
        #expect(try await alerts() == ["SecretKeyDeletionScheduled \(arn)"])
        _ = try await daemon.answer(of: "kms", "cancel-key-deletion", "--key-id", arn)
        _ = try await daemon.answer(of: "kms", "enable-key", "--key-id", arn)
        #expect(try await alerts() == [])
        #expect(try await daemon.answer("get-secret-value", "--secret-id", "a")["SecretString"] == "one")

        _ = try await daemon.answer("delete-secret", "--secret-id", "a")
        _ = try await daemon.answer(of: "kms", "disable-key", "--key-id", arn)
        #expect(try await alerts() == [], "nobody needs it")
        _ = try await daemon.answer("restore-secret", "--secret-id", "a")
        #expect(try await alerts() == ["SecretKeyDisabled \(arn)"])
        _ = try await daemon.answer("update-secret", "--secret-id", "a", "--kms-key-id", "", "--secret-string", "two")
        #expect(try await alerts() == ["SecretKeyDisabled \(arn)"], "what is AWSPREVIOUS now is under it")
        _ = try await daemon.answer("put-secret-value", "--secret-id", "a", "--secret-string", "one")
        #expect(try await alerts() == [], "all values with labels are under another one")
        _ = try await daemon.answer(of: "kms", "enable-key", "--key-id", arn)
        _ = try await daemon.answer("update-secret", "--secret-id", "a", alias[0], alias[1])

        let unknown = try await daemon.aws("update-secret", "--secret-id", "a", "--kms-key-id", "alias/none")
        #expect(unknown.errors.contains("(EncryptionFailure)"), "\(unknown.errors)")
        _ = try await daemon.answer("update-secret", "--secret-id", "a", "--kms-key-id", "alias/aws/secretsmanager")
        #expect(try await daemon.answer("describe-secret", "--secret-id", "a")["KmsKeyId"] == nil)
        let manager = try await daemon.answer(of: "kms", "describe-key", "--key-id", "alias/aws/secretsmanager")
        #expect(manager["KeyMetadata"]?["KeyManager"] == "AWS")
        _ = try await daemon.answer(of: "kms", "schedule-key-deletion", "--key-id", arn, "--pending-window-in-days", "7")
        #expect(try await daemon.answer("get-secret-value", "--secret-id", "a")["SecretString"] == "one", "it needs that key no more")
        #expect(try await alerts() == [])
    }

    @Test func `STS says who calls, in XML, and refuses in XML`() async throws {
        let daemon = try await DaemonProcess()
        let identity = try await daemon.answer(of: "sts", "get-caller-identity")
        #expect(identity["Account"] == "000000000000")
        #expect(identity["Arn"]?.stringValue?.hasPrefix("arn:aws:iam::000000000000:") == true)
        #expect(identity["UserId"]?.stringValue?.isEmpty == false)
        let result = try await daemon.python(
            """
            import boto3
            from botocore.exceptions import ClientError
            from botocore.config import Config
            sts = boto3.client("sts", config=Config(retries={"total_max_attempts": 1}))
            answer = sts.get_caller_identity()
            assert answer["ResponseMetadata"]["RequestId"], answer

            def refused(client, code, status, call):
                try:
                    call(client)
                except ClientError as error:
                    assert error.response["Error"]["Code"] == code, error.response
                    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status, error.response
                    return
                raise AssertionError(f"{code} expected")

            identity = lambda client: client.get_caller_identity()
            refused(boto3.client("sts", aws_secret_access_key="wrong", aws_access_key_id=boto3.Session().get_credentials().access_key),
                "SignatureDoesNotMatch", 403, identity)
            refused(boto3.client("sts", aws_access_key_id="AKIAUNKNOWN", aws_secret_access_key="x"), "InvalidClientTokenId", 403, identity)
            session = sts.get_session_token(DurationSeconds=900)["Credentials"]
            def client(service, **changed):
                keys = {"aws_access_key_id": session["AccessKeyId"], "aws_secret_access_key": session["SecretAccessKey"],
                    "aws_session_token": session["SessionToken"]}
                return boto3.client(service, **{**keys, **changed})
            assert session["AccessKeyId"].startswith("ASIA")
            assert client("sts").get_caller_identity()["Arn"] == answer["Arn"]
            client("secretsmanager").create_secret(Name="by-session", SecretString="x")
            middle = len(session["SessionToken"]) // 2
            altered = session["SessionToken"][:middle] + ("A" if session["SessionToken"][middle] != "A" else "B") + session["SessionToken"][middle + 1:]
            refused(client("sts", aws_session_token=altered), "InvalidClientTokenId", 403, identity)
            refused(client("sts", aws_session_token=None), "InvalidClientTokenId", 403, identity)
            refused(client("secretsmanager", aws_session_token=altered), "UnrecognizedClientException", 400, lambda c: c.list_secrets())
            refused(client("sts", aws_secret_access_key="wrong"), "SignatureDoesNotMatch", 403, identity)
            refused(client("sts"), "AccessDenied", 403, lambda c: c.get_session_token())
            refused(sts, "InvalidAction", 400, lambda client: client.get_federation_token(Name="ann"))
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        let endpoint = try #require(daemon.environment["AWS_ENDPOINT_URL"])
        let authority = try #require(daemon.environment["AWS_CA_BUNDLE"])
        let unsigned = try await Command.run(
            [
                "curl", "-sS", "--cacert", authority, "-w", " %{http_code} %{content_type}", "-d",
                "Action=GetCallerIdentity&Version=2011-06-15",
            ]
                + [endpoint + "/"]
        ).output
        #expect(unsigned.contains("<Code>MissingAuthenticationToken</Code>"), "\(unsigned)")
        #expect(unsigned.hasSuffix("403 text/xml"), "\(unsigned)")
    }

    @Test func `a signature for one service is none for another`() async throws {
        let daemon = try await DaemonProcess()
        let result = try await daemon.python(
            """
            import boto3, botocore.auth, botocore.awsrequest, os, urllib.request, urllib.error, ssl
            credentials = boto3.Session().get_credentials()
            request = botocore.awsrequest.AWSRequest("POST", os.environ["AWS_ENDPOINT_URL"] + "/", data=b"{}",
                headers={"X-Amz-Target": "TrentService.ListKeys", "Content-Type": "application/x-amz-json-1.1"})
            botocore.auth.SigV4Auth(credentials, "secretsmanager", os.environ["AWS_DEFAULT_REGION"]).add_auth(request)
            sent = urllib.request.Request(request.url, data=b"{}", headers=dict(request.headers))
            try:
                urllib.request.urlopen(sent, context=ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"]))
                raise AssertionError("accepted")
            except urllib.error.HTTPError as error:
                body = error.read().decode()
                assert "Credential should be scoped to correct service: 'kms'." in body, body
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
    }
}
