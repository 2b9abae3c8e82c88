"""Every refusal with its code, text and HTTP status, over raw HTTP: SDKs would check some of it themselves. A refusal changes nothing (I12)."""
from harness import *

NOT_FOUND = "Secrets Manager can't find the specified secret."
DELETED = "You can't perform this operation on the secret because it was marked for deletion."
NAME = "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
NO_TOKEN = "You must provide a ClientRequestToken value. We recommend a UUID-type value."
T = token()
V = create("db", "one")
ARN = ok("DescribeSecret", {"SecretId": "db"})["ARN"]
create("empty", None)
create("gone", "x")
ok("DeleteSecret", {"SecretId": "gone"})
create("suffix-a1b2c3", "x")
PARTIAL = ARN.rsplit("-", 1)[0].removesuffix("db")


def validation(*violations):
    noun = "error" if len(violations) == 1 else "errors"
    return f"{len(violations)} validation {noun} detected: " + "; ".join(
        f"Value{value} at '{path}' failed to satisfy constraint: Member must {rule}" for value, path, rule in violations
    )


def longer(value, path, most, shown=True):
    return validation((f" '{value}'" if shown else "", path, f"have length less than or equal to {most}"))


def shorter(value, path, least):
    return validation((f" '{value}'", path, f"have length greater than or equal to {least}"))


def missing(path):
    return f"1 validation error detected: Value null at '{path}' failed to satisfy constraint: Member must not be null"


POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ARN.split(':')[4]}:root"},
                "Action": "secretsmanager:*",
                "Resource": "*",
            }
        ],
    }
)
ON_A_SECRET = {
    "GetSecretValue": {},
    "PutSecretValue": {"ClientRequestToken": T, "SecretString": "x"},
    "UpdateSecret": {"ClientRequestToken": T, "SecretString": "x"},
    "UpdateSecretVersionStage": {"VersionStage": "x", "MoveToVersionId": T},
    "RotateSecret": {"ClientRequestToken": T, "RotationLambdaARN": "arn:aws:lambda:eu-central-1:000000000000:function:f"},
    "CancelRotateSecret": {},
    "TagResource": {"Tags": [{"Key": "k", "Value": "v"}]},
    "UntagResource": {"TagKeys": ["k"]},
    "PutResourcePolicy": {"ResourcePolicy": POLICY},
    "DeleteResourcePolicy": {},
    "ReplicateSecretToRegions": {"AddReplicaRegions": [{"Region": "us-west-2"}]},
    "RemoveRegionsFromReplication": {"RemoveReplicaRegions": ["us-west-2"]},
    "StopReplicationToReplica": {},
    "DescribeSecret": {},
    "ListSecretVersionIds": {},
    "DeleteSecret": {},
    "RestoreSecret": {},
    "GetResourcePolicy": {},
}
ALLOWED_WHEN_DELETED = ["DescribeSecret", "ListSecretVersionIds", "RestoreSecret"]
NOT_ABOUT_DELETION = ["RemoveRegionsFromReplication", "StopReplicationToReplica"]

# Operation, body, code, text.
ROWS = []
for operation, body in ON_A_SECRET.items():
    ROWS.append((operation, {"SecretId": "nosuch", **body}, "ResourceNotFoundException", NOT_FOUND))
    for name in ("a b", " db", "db ", "d\u00e9", "a?b", "a*", "x\u0000"):
        ROWS.append((operation, {"SecretId": name, **body}, "ValidationException", NAME))
    ROWS.append((operation, body, "ValidationException", missing("secretId")))
    ROWS.append((operation, {"SecretId": None, **body}, "ValidationException", missing("secretId")))
    ROWS.append((operation, {"SecretId": "", **body}, "ValidationException", shorter("", "secretId", 1)))
    ROWS.append((operation, {"SecretId": "a" * 2_049, **body}, "ValidationException", longer("a" * 2_049, "secretId", 2_048)))
    for value, kind in ((5, "NUMBER_VALUE"), (True, "TRUE_VALUE"), (["db"], "LIST_VALUE"), ({"a": 1}, "STRUCTURE_VALUE")):
        ROWS.append((operation, {"SecretId": value, **body}, "SerializationException", f"{kind} can not be converted to a String"))
    if operation not in ALLOWED_WHEN_DELETED + NOT_ABOUT_DELETION:
        ROWS.append((operation, {"SecretId": "gone", **body}, "InvalidRequestException", DELETED))
for text, error in (
    ("[1]", "the body is not a JSON object"),
    ("null", "the body is not a JSON object"),
    ('"x"', "the body is not a JSON object"),
    ("{", None),
    ("", None),
    ('{"SecretId":"db"} x', None),
    ('{"SecretId":"\\ud800"}', None),
    (b'{"SecretId":"\xff"}', None),
    ('{"SecretId":01}', None),
    ("[" * 5_000, None),
):
    ROWS.append(("GetSecretValue", text, "SerializationException", error))
ROWS += [
    # Reading.
    ("GetSecretValue", {"SecretId": "empty"}, "ResourceNotFoundException",
     "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"),
    ("GetSecretValue", {"SecretId": "db", "VersionStage": "nolabel"}, "ResourceNotFoundException",
     "Secrets Manager can't find the specified secret value for staging label: nolabel"),
    ("GetSecretValue", {"SecretId": "db", "VersionId": T}, "ResourceNotFoundException",
     f"Secrets Manager can't find the specified secret value for VersionId: {T}"),
    ("GetSecretValue", {"SecretId": "db", "VersionId": V, "VersionStage": "AWSPREVIOUS"}, "InvalidRequestException",
     "You provided a VersionStage that is not associated to the provided VersionId."),
    ("GetSecretValue", {"SecretId": "db", "VersionId": "short"}, "ValidationException", shorter("short", "versionId", 32)),
    ("GetSecretValue", {"SecretId": "db", "VersionStage": "x" * 257}, "ValidationException", longer("x" * 257, "versionStage", 256)),
    ("GetSecretValue", {"SecretId": ARN[:-1] + ("x" if ARN[-1] != "x" else "y")}, "ResourceNotFoundException", NOT_FOUND),
    ("GetSecretValue", {"SecretId": "db-" + ARN[-6:]}, "ResourceNotFoundException", NOT_FOUND),
    ("GetSecretValue", {"SecretId": PARTIAL + "suffix-a1b2c3"}, "ResourceNotFoundException", NOT_FOUND),
    ("GetSecretValue", {"SecretId": ARN.replace(REGION, "us-west-2")}, "ResourceNotFoundException", NOT_FOUND),
    ("GetSecretValue", {"SecretId": "DB"}, "ResourceNotFoundException", NOT_FOUND),
    # Creating.
    ("CreateSecret", {}, "ValidationException", missing("name")),
    ("CreateSecret", {"Name": "", "ClientRequestToken": T}, "ValidationException", shorter("", "name", 1)),
    ("CreateSecret", {"Name": "a" * 513, "ClientRequestToken": T}, "ValidationException", longer("a" * 513, "name", 512)),
    ("CreateSecret", {"Name": "a b", "ClientRequestToken": T}, "ValidationException", NAME),
    ("CreateSecret", {"Name": "n"}, "InvalidRequestException", NO_TOKEN),
    ("CreateSecret", {"Name": "n", "SecretString": "x"}, "InvalidRequestException", NO_TOKEN),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": "a" * 31}, "ValidationException", shorter("a" * 31, "clientRequestToken", 32)),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": "a" * 65}, "ValidationException", longer("a" * 65, "clientRequestToken", 64)),
    ("CreateSecret", {"Name": "db", "ClientRequestToken": T, "SecretString": "x"}, "ResourceExistsException",
     "The operation failed because the secret db already exists."),
    ("CreateSecret", {"Name": "gone", "ClientRequestToken": T, "SecretString": "x"}, "InvalidRequestException",
     "You can't create this secret because a secret with this name is already scheduled for deletion."),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "SecretString": "x" * 65_537}, "ValidationException",
     longer("", "secretString", 65_536, shown=False)),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "SecretString": "\u00e9" * 32_769}, "ValidationException",
     longer("", "secretString", 65_536, shown=False)),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "SecretBinary": "QUFB" * 21_846}, "ValidationException",
     longer("", "secretBinary", 65_536, shown=False)),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "SecretString": ""}, "ValidationException",
     validation(("", "secretString", "have length greater than or equal to 1"))),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "SecretBinary": "not base64"}, "SerializationException",
     "STRING_VALUE can not be converted to a Blob"),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "SecretString": "x", "SecretBinary": "eA=="}, "InvalidParameterException",
     "You can't specify both a binary secret value and a string secret value in the same secret."),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "Description": "d" * 2_049}, "ValidationException",
     longer("d" * 2_049, "description", 2_048)),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "KmsKeyId": "k" * 2_049}, "ValidationException",
     longer("k" * 2_049, "kmsKeyId", 2_048)),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "Type": "t" * 257}, "ValidationException", longer("t" * 257, "type", 256)),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "Tags": [{"Key": "aws:x", "Value": "1"}]}, "InvalidParameterException", None),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "Tags": [{"Key": "k", "Value": "1"}] * 2}, "InvalidParameterException", None),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(51)]},
     "LimitExceededException", None),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "Tags": [{"Key": "", "Value": "v" * 257}]}, "ValidationException",
     validation((" ''", "tags.1.member.key", "have length greater than or equal to 1"),
                (f" '{'v' * 257}'", "tags.1.member.value", "have length less than or equal to 256"))),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "AddReplicaRegions": [{"Region": REGION}]}, "InvalidParameterException",
     "Invalid replica region."),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "AddReplicaRegions": []}, "ValidationException",
     shorter("[]", "addReplicaRegions", 1)),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "SecretString": "x", "KmsKeyId": "alias/nosuch"}, "EncryptionFailure", None),
    ("UpdateSecret", {"SecretId": "db", "ClientRequestToken": T, "KmsKeyId": token()}, "EncryptionFailure", None),
    # Writing: the token before the secret, the value before the secret, the secret before its state.
    ("PutSecretValue", {"SecretId": "nosuch", "SecretString": "x"}, "InvalidRequestException", NO_TOKEN),
    ("UpdateSecret", {"SecretId": "nosuch", "Description": "x"}, "InvalidRequestException", NO_TOKEN),
    ("UpdateSecret", {"SecretId": "gone", "Description": "x"}, "InvalidRequestException", NO_TOKEN),
    ("PutSecretValue", {"SecretId": "nosuch", "ClientRequestToken": T}, "InvalidRequestException",
     "You must provide either SecretString or SecretBinary."),
    ("PutSecretValue", {"SecretId": "db", "ClientRequestToken": T, "SecretString": "x", "VersionStages": []}, "ValidationException",
     shorter("[]", "versionStages", 1)),
    ("PutSecretValue", {"SecretId": "db", "ClientRequestToken": T, "SecretString": "x", "VersionStages": ["l"] * 21},
     "ValidationException", longer("[" + ", ".join(["l"] * 21) + "]", "versionStages", 20)),
    ("PutSecretValue", {"SecretId": "db", "ClientRequestToken": T, "SecretString": "x", "VersionStages": [f"l{n}" for n in range(20)]},
     "LimitExceededException", None),
    ("PutSecretValue", {"SecretId": "db", "ClientRequestToken": T, "SecretString": "x", "VersionStages": [None]},
     "ValidationException", missing("versionStages.1.member")),
    ("PutSecretValue", {"SecretId": "db", "ClientRequestToken": T, "SecretString": "x", "RotationToken": "x" * 35 + "!"},
     "ValidationException", validation(("", "rotationToken", r"satisfy regular expression pattern: ^[a-zA-Z0-9\-]+$"))),
    ("PutSecretValue", {"SecretId": "db", "ClientRequestToken": V, "SecretString": "other"}, "ResourceExistsException",
     f"You can't use ClientRequestToken {V} because that value is already in use for a version of secret {ARN}."),
    ("UpdateSecret", {"SecretId": "db", "ClientRequestToken": V, "SecretBinary": "b25l"}, "ResourceExistsException",
     f"You can't use ClientRequestToken {V} because that value is already in use for a version of secret {ARN}."),
    # Found by fuzzing: the character NUL, where it is stored as text.
    ("UpdateSecret", {"SecretId": "db", "ClientRequestToken": T, "Description": "\u0000"}, "ValidationException",
     validation((" '\u0000'", "description", r"satisfy regular expression pattern: [^\x00]*"))),
    ("UpdateSecret", {"SecretId": "db", "ClientRequestToken": T, "KmsKeyId": "a\u0000"}, "ValidationException", None),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "Type": "\u0000"}, "ValidationException", None),
    ("CreateSecret", {"Name": "n", "ClientRequestToken": T, "Tags": [{"Key": "k", "Value": "\u0000"}]}, "ValidationException", None),
    ("PutSecretValue", {"SecretId": "db", "ClientRequestToken": T, "SecretString": "x", "VersionStages": ["\u0000"]},
     "ValidationException", None),
    ("UpdateSecretVersionStage", {"SecretId": "db", "VersionStage": "\u0000", "MoveToVersionId": V}, "ValidationException", None),
    ("GetSecretValue", {"SecretId": "db", "VersionStage": "\u0000"}, "ValidationException", None),
    ("RotateSecret", {"SecretId": "db", "ClientRequestToken": T, "RotationLambdaARN": "f\u0000"}, "ValidationException", None),
    ("PutResourcePolicy", {"SecretId": "db", "ResourcePolicy": POLICY + "\u0000"}, "ValidationException", None),
    # Labels.
    ("UpdateSecretVersionStage", {"SecretId": "db"}, "ValidationException", missing("versionStage")),
    ("UpdateSecretVersionStage", {"SecretId": "db", "VersionStage": "AWSCURRENT"}, "InvalidParameterException", None),
    ("UpdateSecretVersionStage", {"SecretId": "db", "VersionStage": "AWSCURRENT", "RemoveFromVersionId": V}, "InvalidParameterException",
     "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."),
    ("UpdateSecretVersionStage", {"SecretId": "db", "VersionStage": "x", "MoveToVersionId": T}, "InvalidParameterException",
     f"Not a valid version: {T}"),
    # Deleting.
    ("DeleteSecret", {"SecretId": "db", "RecoveryWindowInDays": 6}, "InvalidParameterException",
     "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."),
    ("DeleteSecret", {"SecretId": "nosuch", "RecoveryWindowInDays": 31, "ForceDeleteWithoutRecovery": True}, "InvalidParameterException",
     "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."),
    ("DeleteSecret", {"SecretId": "db", "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True}, "InvalidParameterException",
     "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."),
    ("DeleteSecret", {"SecretId": "a b", "ForceDeleteWithoutRecovery": True}, "ValidationException", NAME),
    # Lists.
    ("ListSecrets", {"MaxResults": 0}, "ValidationException", validation((" '0'", "maxResults", "have value greater than or equal to 1"))),
    ("ListSecrets", {"MaxResults": 101}, "ValidationException",
     validation((" '101'", "maxResults", "have value less than or equal to 100"))),
    ("ListSecrets", {"MaxResults": "1"}, "SerializationException", "STRING_VALUE can not be converted to an Integer"),
    ("ListSecrets", {"MaxResults": 1.5}, "SerializationException", "NUMBER_VALUE can not be converted to an Integer"),
    ("ListSecrets", {"NextToken": "bogus"}, "InvalidNextTokenException", None),
    ("ListSecrets", {"NextToken": ""}, "ValidationException", shorter("", "nextToken", 1)),
    ("ListSecrets", {"NextToken": "n" * 4_097}, "ValidationException", longer("n" * 4_097, "nextToken", 4_096)),
    ("ListSecrets", {"SortOrder": "up"}, "ValidationException", validation((" 'up'", "sortOrder", "satisfy enum value set: [asc, desc]"))),
    ("ListSecrets", {"Filters": [{"Values": ["x"]}]}, "InvalidParameterException", "Invalid filter key"),
    ("ListSecrets", {"Filters": [{"Key": "name"}]}, "InvalidParameterException", "Invalid filter values for key: name"),
    ("ListSecrets", {"Filters": [{"Key": "name", "Values": ["one"] * 11}]}, "ValidationException",
     longer("[" + ", ".join(["one"] * 11) + "]", "filters.1.member.values", 10)),
    ("ListSecretVersionIds", {"SecretId": "db", "NextToken": "bogus"}, "InvalidNextTokenException", None),
    ("ListSecretVersionIds", {"SecretId": "db", "MaxResults": 101}, "ValidationException",
     validation((" '101'", "maxResults", "have value less than or equal to 100"))),
    ("BatchGetSecretValue", {}, "InvalidParameterException", "Either 'SecretIdList' or 'Filters' must be provided, but not both."),
    ("BatchGetSecretValue", {"SecretIdList": ["db"], "Filters": [{"Key": "name", "Values": ["d"]}]}, "InvalidParameterException",
     "Either 'SecretIdList' or 'Filters' must be provided, but not both."),
    ("BatchGetSecretValue", {"SecretIdList": ["db"], "MaxResults": 5}, "InvalidParameterException",
     "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided."),
    ("BatchGetSecretValue", {"SecretIdList": ["db"] * 21}, "ValidationException",
     longer("[" + ", ".join(["db"] * 21) + "]", "secretIdList", 20)),
    ("BatchGetSecretValue", {"Filters": [{"Key": "name", "Values": ["d"]}], "MaxResults": 21}, "ValidationException",
     validation((" '21'", "maxResults", "have value less than or equal to 20"))),
    # Tags and policies.
    ("TagResource", {"SecretId": "db"}, "ValidationException", missing("tags")),
    ("TagResource", {"SecretId": "db", "Tags": [{"Key": "aws:x", "Value": ""}]}, "InvalidParameterException", None),
    ("UntagResource", {"SecretId": "db"}, "ValidationException", missing("tagKeys")),
    ("PutResourcePolicy", {"SecretId": "db", "ResourcePolicy": '{"Version":"2020-01-01","Statement":[]}'},
     "MalformedPolicyDocumentException", "This policy has invalid syntax."),
    # AWS's text is recorded for a wrong version only; elsewhere the reason stands behind it.
    ("PutResourcePolicy", {"SecretId": "db", "ResourcePolicy": "x"}, "MalformedPolicyDocumentException",
     "This policy has invalid syntax. invalid JSON at byte 0: unexpected character"),
    ("PutResourcePolicy", {"SecretId": "db", "ResourcePolicy": "p" * 20_481}, "ValidationException",
     longer("p" * 20_481, "resourcePolicy", 20_480)),
    ("PutResourcePolicy", {"SecretId": "db", "BlockPublicPolicy": True, "ResourcePolicy": json.dumps(
        {"Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]})},
     "PublicPolicyException", None),
    # Passwords.
    ("GetRandomPassword", {"PasswordLength": 0}, "ValidationException",
     validation((" '0'", "passwordLength", "have value greater than or equal to 1"))),
    ("GetRandomPassword", {"PasswordLength": 4_097}, "ValidationException",
     validation((" '4097'", "passwordLength", "have value less than or equal to 4096"))),
    ("GetRandomPassword", {"PasswordLength": 3}, "InvalidParameterException", "Password length is too short based on the required types."),
    ("GetRandomPassword", {"ExcludeNumbers": "true"}, "SerializationException", "STRING_VALUE can not be converted to a Boolean"),
    ("GetRandomPassword", {"ExcludeCharacters": "0123456789"}, "InvalidParameterException", None),
    ("GetRandomPassword", {"ExcludeLowercase": True, "ExcludeUppercase": True, "ExcludeNumbers": True, "ExcludePunctuation": True},
     "InvalidParameterException", None),
    # Rotation: token, rules, secret, function.
    ("RotateSecret", {"SecretId": "nosuch"}, "InvalidParameterException", NO_TOKEN),
    ("RotateSecret", {"SecretId": "db", "ClientRequestToken": T}, "InvalidRequestException",
     "No Lambda rotation function ARN is associated with this secret."),
    ("RotateSecret", {"SecretId": "db", "ClientRequestToken": T, "RotationRules": {"AutomaticallyAfterDays": 9}},
     "InvalidRequestException", "No Lambda rotation function ARN is associated with this secret."),
    ("RotateSecret", {"SecretId": "db", "ClientRequestToken": T, "RotationLambdaARN": f"arn:aws:lambda:{REGION}:1:function:nosuch"},
     "AccessDeniedException", "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants"
     " access to the principal secretsmanager.amazonaws.com."),
    ("RotateSecret", {"SecretId": "db", "ClientRequestToken": T,
                      "RotationRules": {"AutomaticallyAfterDays": 1, "ScheduleExpression": "rate(1 day)"}},
     "InvalidParameterException", "You cannot specify both rotation frequency and schedule expression together."),
    ("RotateSecret", {"SecretId": "db", "ClientRequestToken": T, "RotationRules": {"AutomaticallyAfterDays": 1_001}},
     "ValidationException", validation((" '1001'", "rotationRules.automaticallyAfterDays", "have value less than or equal to 1000"))),
    ("RotateSecret", {"SecretId": "db", "ClientRequestToken": T, "RotationRules": {"AutomaticallyAfterDays": 1, "Duration": "3x"}},
     "ValidationException", validation((" '3x'", "rotationRules.duration", "satisfy regular expression pattern: [0-9]+h"))),
    ("RotateSecret", {"SecretId": "db", "ClientRequestToken": T, "ExternalSecretRotationRoleArn": "short"}, "ValidationException",
     shorter("short", "externalSecretRotationRoleArn", 20)),
    ("CancelRotateSecret", {"SecretId": "db"}, "InvalidRequestException", None),
    # Replication.
    ("ReplicateSecretToRegions", {"SecretId": "db", "AddReplicaRegions": [{"Region": REGION}]}, "InvalidParameterException",
     "Invalid replica region."),
    ("ReplicateSecretToRegions", {"SecretId": "db", "AddReplicaRegions": [{"Region": "Mars"}]}, "ValidationException",
     validation((" 'Mars'", "addReplicaRegions.1.member.region", r"satisfy regular expression pattern: ^([a-z]+-)+\d+$"))),
    ("ReplicateSecretToRegions", {"SecretId": "db"}, "ValidationException", missing("addReplicaRegions")),
    ("RemoveRegionsFromReplication", {"SecretId": "db", "RemoveReplicaRegions": []}, "ValidationException",
     shorter("[]", "removeReplicaRegions", 1)),
    # Operations.
    ("NoSuchOperation", {}, "UnknownOperationException", None),
    ("secretsmanager.getsecretvalue", {"SecretId": "db"}, "UnknownOperationException", None),
    ("nowhere.GetSecretValue", {"SecretId": "db"}, "UnknownOperationException", None),
]
UNMODELLED = ["ValidationException", "SerializationException", "AccessDeniedException", "UnknownOperationException"]


def state():
    return {name: ok("DescribeSecret", {"SecretId": name}) for name in ("db", "empty", "gone")}, ok("ListSecrets", {"MaxResults": 100})


before = state()


def shown(row):
    text = row[1] if isinstance(row[1], (str, bytes)) else json.dumps(row[1])
    return f"{row[0]} {text[:90]}"


@table(ROWS, shown)
def refusal(row):
    operation, body, code, text = row
    reply = raw(operation, body)
    same(reply.status, 400, repr(reply))
    same(reply.code, code, repr(reply))
    members(reply.json, ["__type", "message" if code in UNMODELLED else "Message"], "the error")
    if text is not None:
        same(reply.message, text)
    same(reply.headers["x-amzn-errortype"], code)
    same(reply.headers["content-type"], "application/x-amz-json-1.1")
    assert reply.headers["x-amzn-requestid"] and reply.headers["date"], reply.headers


@case
def I12_no_refusal_changed_anything():
    same(state(), before)


@table(["DescribeSecret", "ListSecretVersionIds"], lambda op: f"{op} answers for a secret that is scheduled for deletion")
def on_deleted(operation):
    ok(operation, {"SecretId": "gone"})


@table(["db", "ARN", "partial"], lambda form: f"a secret is found by {form}")
def found(form):
    same(ok("GetSecretValue", {"SecretId": {"db": "db", "ARN": ARN, "partial": ARN[:-7]}[form]})["SecretString"], "one")


@case
def unknown_members_and_null_are_nothing():
    body = {"SecretId": "db", "VersionId": None, "VersionStage": None, "Surprise": {"a": [1]}}
    same(ok("GetSecretValue", body)["SecretString"], "one")


main()
