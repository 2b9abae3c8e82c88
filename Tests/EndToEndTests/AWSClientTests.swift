import SecretModel
import TestSupport
import Testing

/// The aws command line and boto3, unmodified, against a real daemon.
@Suite struct AWSClientTests {
    @Test func `the aws command line manages a secret through its life`() async throws {
        let daemon = try await DaemonProcess()
        let made = try await daemon.answer("create-secret", "--name", "prod/db/app", "--secret-string", "one", "--description", "payments")
        let first = try #require(made["VersionId"]?.stringValue)
        let put = try await daemon.answer("put-secret-value", "--secret-id", "prod/db/app", "--secret-string", "two")
        let second = try #require(put["VersionId"]?.stringValue)

        #expect(try await daemon.answer("get-secret-value", "--secret-id", "prod/db/app")["SecretString"] == "two")
        let previous = try await daemon.answer("get-secret-value", "--secret-id", "prod/db/app", "--version-stage", "AWSPREVIOUS")
        #expect(previous["SecretString"] == "one")

        _ = try await daemon.answer(
            "update-secret-version-stage",
            "--secret-id",
            "prod/db/app",
            "--version-stage",
            "AWSCURRENT",
            "--move-to-version-id",
            first,
            "--remove-from-version-id",
            second
        )
        #expect(try await daemon.answer("get-secret-value", "--secret-id", "prod/db/app")["SecretString"] == "one")
        let described = try await daemon.answer("describe-secret", "--secret-id", "prod/db/app")
        #expect(described["Description"] == "payments")
        #expect(described["VersionIdsToStages"]?[first] == ["AWSCURRENT"])

        _ = try await daemon.answer("delete-secret", "--secret-id", "prod/db/app")
        let deleted = try await daemon.aws("get-secret-value", "--secret-id", "prod/db/app")
        #expect(deleted.errors.contains("InvalidRequestException"))
        _ = try await daemon.answer("restore-secret", "--secret-id", "prod/db/app")
        #expect(try await daemon.answer("list-secrets")["SecretList"]?.arrayValue?.count == 1)
        let password = try await daemon.answer("get-random-password", "--password-length", "40", "--exclude-punctuation")
        #expect(password["RandomPassword"]?.stringValue?.utf8.count == 40)
    }

    @Test func `requests with a wrong key or signature are refused and change nothing`() async throws {
        let daemon = try await DaemonProcess()
        let arguments = ["create-secret", "--name", "a", "--secret-string", "x"]
        let wrongSecret = try await daemon.aws(arguments[0], arguments[1], arguments[2], environment: ["AWS_SECRET_ACCESS_KEY": "wrong"])
        #expect(wrongSecret.errors.contains("(InvalidSignatureException)"))
        let unknownKey = try await daemon.aws(arguments[0], arguments[1], arguments[2], environment: ["AWS_ACCESS_KEY_ID": "AKIAUNKNOWN"])
        #expect(unknownKey.errors.contains("(UnrecognizedClientException)"))
        let token = try await daemon.aws(arguments[0], arguments[1], arguments[2], environment: ["AWS_SESSION_TOKEN": "token"])
        #expect(token.errors.contains("(UnrecognizedClientException)"))
        #expect(try await daemon.answer("list-secrets")["SecretList"] == [])
    }

    @Test func `boto3 gets typed errors, bytes, and regions apart`() async throws {
        let daemon = try await DaemonProcess()
        let result = try await daemon.python(
            """
            import boto3
            east = boto3.client("secretsmanager", region_name="us-east-1")
            west = boto3.client("secretsmanager", region_name="eu-west-1")
            east.create_secret(Name="k", SecretBinary=bytes(range(256)))
            answer = east.get_secret_value(SecretId="k")
            assert answer["SecretBinary"] == bytes(range(256))
            assert answer["ResponseMetadata"]["RequestId"]
            assert "date" in answer["ResponseMetadata"]["HTTPHeaders"]
            try:
                west.get_secret_value(SecretId="k")
                raise AssertionError("found in another region")
            except west.exceptions.ResourceNotFoundException as error:
                assert error.response["Message"] == "Secrets Manager can't find the specified secret.", error.response
                assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
            try:
                east.create_secret(Name="k", SecretString="x")
                raise AssertionError("made twice")
            except east.exceptions.ResourceExistsException:
                pass
            big = "x" * 65536
            east.put_secret_value(SecretId="k", SecretString=big)
            assert east.get_secret_value(SecretId="k")["SecretString"] == big
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func `boto3 replicates a secret, which follows, is read-only, and can be promoted`() async throws {
        let daemon = try await DaemonProcess()
        let result = try await daemon.python(
            """
            import boto3
            west = boto3.client("secretsmanager", region_name="eu-west-1")
            east = boto3.client("secretsmanager", region_name="us-east-1")
            made = west.create_secret(Name="db", SecretString="one", Tags=[{"Key": "team", "Value": "a"}])
            east.create_secret(Name="db", SecretString="foreign")
            regions = [{"Region": "us-east-1"}]
            clash = west.replicate_secret_to_regions(SecretId="db", AddReplicaRegions=regions)["ReplicationStatus"][0]
            assert clash["Status"] == "Failed" and "already exists" in clash["StatusMessage"], clash
            assert east.get_secret_value(SecretId="db")["SecretString"] == "foreign"
            done = west.replicate_secret_to_regions(SecretId="db", AddReplicaRegions=regions, ForceOverwriteReplicaSecret=True)
            assert [entry["Status"] for entry in done["ReplicationStatus"]] == ["InSync"], done
            replica = made["ARN"].replace("eu-west-1", "us-east-1")
            put = west.put_secret_value(SecretId="db", SecretString="two")
            read = east.get_secret_value(SecretId=replica)
            assert (read["SecretString"], read["VersionId"]) == ("two", put["VersionId"]), read
            assert east.describe_secret(SecretId="db")["Tags"] == [{"Key": "team", "Value": "a"}]
            try:
                east.put_secret_value(SecretId="db", SecretString="three")
                raise AssertionError("a replica was changed")
            except east.exceptions.InvalidParameterException as error:
                assert "primary secret's region" in error.response["Message"], error.response
            assert east.stop_replication_to_replica(SecretId="db")["ARN"] == replica
            east.put_secret_value(SecretId="db", SecretString="three")
            assert west.get_secret_value(SecretId="db")["SecretString"] == "two"
            assert "ReplicationStatus" not in west.describe_secret(SecretId="db")
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func `health is told without a signature, anything else is not`() async throws {
        let daemon = try await DaemonProcess()
        let endpoint = try #require(daemon.environment["AWS_ENDPOINT_URL"])
        let authority = try #require(daemon.environment["AWS_CA_BUNDLE"])
        let curl = ["curl", "-sS", "--cacert", authority, "-w", " %{http_code}"]
        #expect(try await Command.run(curl + [endpoint + "/livez"]).output == "ok\n 200")
        #expect(try await Command.run(curl + [endpoint + "/readyz"]).output == "ok\n 200")
        let unsigned = try await Command.run(curl + ["-d", "{}", "-H", "X-Amz-Target: secretsmanager.ListSecrets", endpoint + "/"]).output
        #expect(unsigned == #"{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"} 400"#)
        let untrusted = try await Command.run(["curl", "-sS", endpoint + "/livez"])
        #expect(untrusted.exitCode == 60)
    }
}
