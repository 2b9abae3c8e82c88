import SecretModel
import TestSupport
import Testing

/// The audit trail of a real daemon, as unmodified AWS clients and the command line see it.
@Suite(.timeLimit(.minutes(10))) struct AuditTrailTests {
    private static let canary = "canary-5cd8"

    @Test func `boto3 and the aws command line find each call once, without any value`() async throws {
        let daemon = try await DaemonProcess()
        let result = try await daemon.python(
            """
            import json, boto3, botocore
            sm, ct = boto3.client("secretsmanager"), boto3.client("cloudtrail")
            value = "\(Self.canary)"
            sm.create_secret(Name="db", SecretString=value, Tags=[{"Key": "team", "Value": "a"}])
            sm.put_secret_value(SecretId="db", SecretBinary=value.encode())
            sm.get_secret_value(SecretId="db")
            sm.describe_secret(SecretId="db")
            sm.list_secrets()
            sm.batch_get_secret_value(SecretIdList=["db", "nowhere"])
            sm.get_random_password()
            sm.tag_resource(SecretId="db", Tags=[{"Key": "x", "Value": "y"}])
            try:
                sm.get_secret_value(SecretId="nowhere")
            except sm.exceptions.ResourceNotFoundException:
                pass
            events = [event for page in ct.get_paginator("lookup_events").paginate(PaginationConfig={"PageSize": 3}) for event in page["Events"]]
            names = [event["EventName"] for event in events if event["EventSource"] != "cloudtrail.amazonaws.com"]
            assert names == ["GetSecretValue", "TagResource", "GetRandomPassword", "GetSecretValue", "GetSecretValue", "BatchGetSecretValue",
                "ListSecrets", "DescribeSecret", "GetSecretValue", "PutSecretValue", "CreateSecret"], names
            records = [json.loads(event["CloudTrailEvent"]) for event in events]
            assert all(value not in event["CloudTrailEvent"] for event in events)
            created = records[-1]
            assert created["requestParameters"]["name"] == "db" and created["responseElements"] is None, created
            assert created["requestParameters"]["tags"] == [{"key": "team", "value": "a"}], created
            assert "secretString" not in created["requestParameters"] and len(created["requestParameters"]["clientRequestToken"]) == 36
            assert created["sourceIPAddress"] == "127.0.0.1" and created["userAgent"].startswith("Boto3/"), created
            assert created["userIdentity"]["type"] == "IAMUser" and created["userIdentity"]["userName"] == "admin", created
            denied = next(record for record in records if record.get("errorCode"))
            assert denied["errorCode"] == "ResourceNotFoundException" and denied["requestParameters"] == {"secretId": "nowhere"}, denied
            by_name = ct.lookup_events(LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": "db"}], MaxResults=50)["Events"]
            assert {event["Resources"][0]["ResourceType"] for event in by_name} == {"AWS::SecretsManager::Secret"}
            assert len(by_name) == 6, [event["EventName"] for event in by_name]
            try:
                ct.lookup_events(MaxResults=50, StartTime=2, EndTime=1)
                raise AssertionError("a time range that ends before it begins")
            except ct.exceptions.InvalidTimeRangeException:
                pass
            # A key of the right user, for a wrong service.
            wrong = boto3.client("secretsmanager", config=botocore.config.Config(signature_version="v4"))
            wrong._request_signer._signing_name = "cloudtrail"
            try:
                wrong.list_secrets()
                raise AssertionError("signed for another service")
            except botocore.exceptions.ClientError as error:
                assert error.response["Error"]["Code"] == "InvalidSignatureException", error.response
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        let environment = ["AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PAGER": ""]
        let lookup = try await Command.run(
            [
                "aws", "cloudtrail", "lookup-events", "--lookup-attributes", "AttributeKey=EventName,AttributeValue=PutSecretValue",
                "--output", "json",
            ],
            environment: environment.merging(daemon.environment) { _, new in new }
        )
        #expect(lookup.exitCode == 0, "\(lookup.errors)")
        #expect(try JSONValue(parsing: lookup.output)["Events"]?.arrayValue?.count == 1)
    }

    @Test func `rotations are on record, and whoever changes the trail is found out`() async throws {
        let scratch = try ScratchDirectory("trail")
        let data = scratch.path(of: "data")
        let target = try FileTarget(scratch, password: "at-first")
        let rotators = try FileTarget.rotators(scratch)
        let daemon = try await DaemonProcess(data: data, arguments: ["--rotators", rotators])
        try await daemon.answer("create-secret", "--name", "app", "--secret-string", target.value("at-first").text)
        try await daemon.rotate("app", by: "file-target")
        let wanted = ["RotationStarted", "RotationSucceeded"]
        try await eventually("the end of the rotation", within: .seconds(30)) {
            let found = try await daemon.keyturn("audit", "search", "--secret", "app", "--changes")["AuditRecords"]?.arrayValue ?? []
            return wanted.allSatisfy { name in found.contains { $0["Event"]?.stringValue == name } }
        }
        let started = try await daemon.keyturn("audit", "search", "--event", "RotationStarted")["AuditRecords"]?.arrayValue?.first
        let record = try JSONValue(parsing: try #require(started?["CloudTrailEvent"]?.stringValue))
        #expect(record["eventType"] == "AwsServiceEvent" && record["userIdentity"]?["invokedBy"] == "secretsmanager.amazonaws.com")
        #expect(record["additionalEventData"]?["SecretId"] == started?["Resource"])

        let export = try await Command.run([Command.keyturn, "audit", "export"], environment: daemon.environment)
        #expect(export.exitCode == 0, "\(export.errors)")
        let file = try scratch.write(export.output, to: "trail.jsonl")
        let recomputed = try await Command.run(["python3", "-c", Self.independentVerifier, file])
        #expect(recomputed.exitCode == 0 && recomputed.output.hasPrefix("ok "), "\(recomputed.errors)")

        let tail = try await Command.run([Command.keyturn, "audit", "tail", "-n", "3"], environment: daemon.environment)
        #expect(tail.exitCode == 0 && tail.output.split(separator: "\n").count == 3, "\(tail.errors)")
        let whole = try await daemon.keyturn("audit", "verify")
        #expect(whole["Finding"] == nil && whole["Checked"]?.integerValue ?? 0 > 3)
        let head = "\(whole["Head"]?["LastSequence"]?.integerValue ?? 0):\(whole["Head"]?["Hash"]?.stringValue ?? "")"
        #expect(try await daemon.keyturn("audit", "verify", "--head", head)["Finding"] == nil)
        try await daemon.stop()

        let forge = """
            import sqlite3, sys
            store = sqlite3.connect(sys.argv[1])
            store.execute("UPDATE audit SET record = replace(record, 'secret:app', 'secret:bpp') WHERE sequence = 2")
            store.commit()
            """
        let forged = try await Command.run(["python3", "-c", forge, "\(data)/keyturn.db"])
        #expect(forged.exitCode == 0, "\(forged.errors)")
        let again = try await DaemonProcess(data: data, arguments: ["--rotators", rotators])
        let verify = try await Command.run([Command.keyturn, "audit", "verify"], environment: again.environment)
        #expect(verify.exitCode == 1 && verify.output.hasPrefix("✗ record 2 was changed"), "\(verify.output) \(verify.errors)")
        try await again.stop()
    }

    /// Written from the documentation of the format, in another language: what was exported can be verified without Keyturn.
    private static let independentVerifier = """
        import hashlib, json, struct, sys
        def field(value):
            if value is None: return b"\\xff" * 8
            data = value if isinstance(value, bytes) else value.encode()
            return struct.pack(">Q", len(data)) + data
        last = None
        for line in open(sys.argv[1], encoding="utf-8"):
            text, _, chain = line.rstrip("\\n").rpartition(',"keyturnChain":')
            text, chain = text + "}", json.loads(chain[:-1])
            event = json.loads(text)
            identity = event["userIdentity"]
            code = event.get("errorCode") or (event.get("additionalEventData") or {}).get("ErrorCode")
            assert last is None or (last["hash"], last["sequence"] + 1) == (chain["previousHash"], chain["sequence"]), chain
            fields = ["keyturn audit record 1", str(chain["sequence"]), bytes.fromhex(chain["previousHash"]), event["eventID"],
                str(chain["microseconds"]), event["recipientAccountId"], event["awsRegion"], event["eventSource"], event["eventName"],
                "true" if event["readOnly"] else "false", identity.get("userName"), identity.get("accessKeyId"), chain.get("resource"),
                code, text]
            assert hashlib.sha256(b"".join(map(field, fields))).hexdigest() == chain["hash"], line
            last = chain
        print("ok", last["sequence"])
        """
}
