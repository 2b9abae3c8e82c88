"""STS: roles assumed, and what their sessions may; through boto3 and the aws CLI (`aws-service.md` §3.1 and §3.7)."""
import datetime
import re
import subprocess
import tempfile
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from harness import *

ACCOUNT = "000000000000"
FOREIGN = "777777777777"
QUIET = Config(retries={"total_max_attempts": 1}, parameter_validation=False)


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", effect="Allow", **further):
    return {"Effect": effect, "Action": action, "Resource": resource, **further}


def trust(principal, action="sts:AssumeRole", effect="Allow", **condition):
    statement = {"Effect": effect, "Principal": principal, "Action": action}
    return policy({**statement, "Condition": condition} if condition else statement)


def own(operation, **members):
    """A call of Keyturn's own."""
    return ok("keyturn." + operation, members)


def arn(kind, name, account=ACCOUNT):
    return f"arn:aws:iam::{account}:{kind}/{name}"


class Keys:
    """Credentials, and clients that sign with them."""

    def __init__(self, key, secret, token=None):
        self.key, self.secret, self.token = key, secret, token

    def client(self, service):
        names = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
        return boto3.client(service, region_name=REGION, config=QUIET, **dict(zip(names, [self.key, self.secret, self.token])))

    def assume(self, role, session="s1", account=ACCOUNT, **parameters):
        return self.client("sts").assume_role(RoleArn=arn("role", role, account), RoleSessionName=session, **parameters)

    def session(self, role, session="s1", account=ACCOUNT, **parameters):
        return Keys.of(self.assume(role, session, account, **parameters))

    def read(self, secret):
        return self.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]

    @staticmethod
    def of(answer):
        made = answer["Credentials"]
        return Keys(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def user(name, *statements, account=ACCOUNT):
    own("CreateUser", UserName=name, AccountId=account)
    if statements:
        own("AttachPolicy", UserName=name, AccountId=account, PolicyName="own", PolicyDocument=policy(*statements))
    made = own("CreateAccessKey", UserName=name, AccountId=account)
    return Keys(made["AccessKeyId"], made["SecretAccessKey"])


def role(name, trusted, *statements, **members):
    own("CreateRole", RoleName=name, AssumeRolePolicyDocument=trusted, **members)
    if statements:
        own("AttachPolicy", RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))


def refused(call, code, text="", status=None):
    try:
        call()
    except ClientError as error:
        found = error.response["Error"]
        same(found["Code"], code, found["Message"])
        assert text in found["Message"], found["Message"]
        if status:
            same(error.response["ResponseMetadata"]["HTTPStatusCode"], status)
        return found["Message"]
    raise AssertionError(f"{code} expected")


ADMIN = Keys(KEY, SECRET)
READ = allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:session/app-??????")
for secret in ("session/app", "session/ops"):
    create(secret, secret)
ann = user("session-ann")
bob = user("session-bob")
role("session-reader", trust({"AWS": arn("user", "session-ann")}), READ)
reader = f"arn:aws:sts::{ACCOUNT}:assumed-role/session-reader/s1"


@case
def a_role_is_assumed_and_its_session_says_who_it_is():
    answer = ann.assume("session-reader")
    metadata = answer.pop("ResponseMetadata")
    same(metadata["HTTPHeaders"]["content-type"], "text/xml")
    members(answer, ["AssumedRoleUser", "Credentials"], "AssumeRole")
    members(answer["AssumedRoleUser"], ["AssumedRoleId", "Arn"], "AssumedRoleUser")
    members(answer["Credentials"], ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"], "Credentials")
    same(answer["AssumedRoleUser"]["Arn"], reader)
    unique = own("DescribeRole", RoleName="session-reader")["RoleId"]
    same(answer["AssumedRoleUser"]["AssumedRoleId"], unique + ":s1")
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    lasts = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert 3_500 < lasts.total_seconds() <= 3_600, lasts
    identity = Keys.of(answer).client("sts").get_caller_identity()
    same((identity["Arn"], identity["UserId"], identity["Account"]), (reader, unique + ":s1", ACCOUNT))


@case
def user_id_is_what_policies_see_as_aws_userid():
    identity = bob.client("sts").get_caller_identity()
    same(identity["UserId"], own("DescribeUser", UserName="session-bob")["UserId"])
    condition = {"StringEquals": {"aws:userid": identity["UserId"]}}
    own("AttachPolicy", UserName="session-bob", PolicyName="id", PolicyDocument=policy({**READ, "Condition": condition}))
    same(bob.read("session/app"), "session/app")
    own("DetachPolicy", UserName="session-bob", PolicyName="id")


@case
def a_session_may_what_its_role_may():
    session = ann.session("session-reader")
    same(session.read("session/app"), "session/app")
    message = refused(lambda: session.read("session/ops"), "AccessDeniedException", status=400)
    assert message.startswith(f"User: {reader} is not authorized to perform: secretsmanager:GetSecretValue on resource: "), message
    assert message.endswith("because no identity-based policy allows the secretsmanager:GetSecretValue action"), message
    refused(lambda: ann.read("session/app"), "AccessDeniedException")


@case
def a_role_that_is_not_there_and_one_that_does_not_trust_look_the_same():
    for name in ("session-reader", "session-none"):
        message = refused(lambda: bob.assume(name), "AccessDenied", status=403)
        same(message, f"User: {arn('user', 'session-bob')} is not authorized to perform: sts:AssumeRole on resource: {arn('role', name)}")


@case
def a_session_policy_only_takes_away():
    narrow = policy(allow("secretsmanager:*", "arn:aws:secretsmanager:*:*:secret:session/ops-??????"))
    answer = ann.assume("session-reader", Policy=narrow)
    assert 0 < answer["PackedPolicySize"] < 10, answer["PackedPolicySize"]
    session = Keys.of(answer)
    refused(lambda: session.read("session/app"), "AccessDeniedException", "because no session policy allows")
    refused(lambda: session.read("session/ops"), "AccessDeniedException", "because no identity-based policy allows")
    wide = ann.session("session-reader", Policy=policy(allow("*")))
    same(wide.read("session/app"), "session/app")
    keyless = ann.session("session-reader", Policy=policy(allow("*"), allow("kms:Decrypt", effect="Deny")))
    refused(lambda: keyless.read("session/app"), "AccessDeniedException", "Access to KMS is not allowed")
    denied = ann.session("session-reader", Policy=policy(allow("*"), allow("*", effect="Deny")))
    refused(lambda: denied.read("session/app"), "AccessDeniedException", "with an explicit deny in a session policy")


@case
def managed_policies_limit_a_session_as_they_are_now():
    own("CreatePolicy", PolicyName="session-limit", PolicyDocument=policy(READ))
    predefined = {"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    same(ann.session("session-reader", PolicyArns=[predefined]).read("session/app"), "session/app")
    session = ann.session("session-reader", PolicyArns=[{"arn": arn("policy", "session-limit")}])
    same(session.read("session/app"), "session/app")
    own("UpdatePolicy", PolicyName="session-limit", PolicyDocument=policy(allow("kms:*")))
    refused(lambda: session.read("session/app"), "AccessDeniedException", "because no session policy allows")
    own("DeletePolicy", PolicyName="session-limit")
    refused(lambda: session.read("session/app"), "AccessDeniedException", "because no session policy allows")
    unknown = [{"arn": arn("policy", "session-limit")}]
    refused(lambda: ann.assume("session-reader", PolicyArns=unknown), "ValidationError", "There is no managed policy", 400)


# Who is asked: the trust policy, the caller's own policies, or both (`aws-service.md` §3.1).
ASSUME = allow("sts:AssumeRole")
ANN, HOME, ELSEWHERE = {"AWS": arn("user", "session-ann")}, {"AWS": ACCOUNT}, {"AWS": FOREIGN}
DECISIONS = [
    ("the role names the user", trust(ANN), [], ACCOUNT, True),
    ("the role names everybody", trust("*"), [], ACCOUNT, True),
    ("the role names the account", trust(HOME), [], ACCOUNT, False),
    ("the role names the account, which allows it", trust(HOME), [ASSUME], ACCOUNT, True),
    ("the user may, but the role names nobody of this account", trust(ELSEWHERE), [ASSUME], ACCOUNT, False),
    ("the role denies", trust(ANN, effect="Deny"), [ASSUME], ACCOUNT, False),
    ("the user is denied", trust(ANN), [allow("sts:*", effect="Deny")], ACCOUNT, False),
    ("another action", trust(ANN, action="sts:TagSession"), [], ACCOUNT, False),
    ("of another account: the role alone", trust(ELSEWHERE), [], FOREIGN, False),
    ("of another account: the user alone", trust(HOME), [ASSUME], FOREIGN, False),
    ("of another account: both", trust(ELSEWHERE), [ASSUME], FOREIGN, True),
    ("of another account: everybody, and the user", trust("*"), [ASSUME], FOREIGN, True),
    ("a condition on the session's name", trust(ANN, StringLike={"sts:RoleSessionName": "s?"}), [], ACCOUNT, True),
    ("another session's name", trust(ANN, StringEquals={"sts:RoleSessionName": "other"}), [], ACCOUNT, False),
    ("the caller by ARN", trust("*", ArnEquals={"aws:PrincipalArn": arn("user", "session-ann")}), [], ACCOUNT, True),
    ("MFA is demanded", trust(ANN, Bool={"aws:MultiFactorAuthPresent": "true"}), [], ACCOUNT, False),
]
foreigner = user("session-ann", account=FOREIGN)


@table(DECISIONS, name=lambda row: f"trust: {row[0]}")
def decide(row):
    _, document, statements, account, expected = row
    name = "session-trust"
    role(name, document)
    caller = ann if account == ACCOUNT else foreigner
    try:
        if statements:
            own("AttachPolicy", UserName="session-ann", AccountId=account, PolicyName="own", PolicyDocument=policy(*statements))
        if expected:
            caller.assume(name)
        else:
            refused(lambda: caller.assume(name), "AccessDenied", status=403)
    finally:
        if statements:
            own("DetachPolicy", UserName="session-ann", AccountId=account, PolicyName="own")
        own("DeleteRole", RoleName=name)


@case
def an_external_id_is_what_the_role_asks_for():
    role("session-external", trust(HOME, StringEquals={"sts:ExternalId": "our-secret/7"}))
    own("AttachPolicy", UserName="session-ann", PolicyName="own", PolicyDocument=policy(ASSUME))
    refused(lambda: ann.assume("session-external"), "AccessDenied")
    refused(lambda: ann.assume("session-external", ExternalId="another"), "AccessDenied")
    ann.assume("session-external", ExternalId="our-secret/7")
    own("DetachPolicy", UserName="session-ann", PolicyName="own")


@case
def parameters_are_checked():
    def bad(text, code="ValidationError", role="session-reader", session="s1", **parameters):
        refused(lambda: ann.assume(role, session, **parameters), code, text, 400)

    bad("'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900", DurationSeconds=899)
    bad("Member must have value less than or equal to 43200", DurationSeconds=43_201)
    bad("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", DurationSeconds=3_601)
    bad(r"Member must satisfy regular expression pattern: [\w+=,.@-]*", session="a b")
    bad("Member must have length greater than or equal to 2", session="a")
    bad("Member must have length less than or equal to 64", session="a" * 65)
    bad("Member must have length less than or equal to 2048", Policy=policy(allow("a:" + "b" * 2_048)))
    bad("The session policy is malformed", "MalformedPolicyDocument", Policy="{")
    bad('there is no element "Principal"', "MalformedPolicyDocument", Policy=policy(allow("*", Principal="*")))
    bad("SourceIdentity is not supported", SourceIdentity="ann")
    refused(lambda: ann.assume("session-reader", SerialNumber="arn:aws:iam::1:mfa/x", TokenCode="123456"), "AccessDenied", "MFA")
    sts = ann.client("sts")
    refused(lambda: sts.assume_role(RoleArn=arn("user", "session-ann"), RoleSessionName="s1"), "ValidationError", "Request ARN is invalid")
    refused(lambda: sts.assume_role(RoleSessionName="s1"), "ValidationError", "Value null at 'roleArn'")


@case
def a_role_says_how_long_its_sessions_last_and_a_chained_one_lasts_an_hour():
    own("UpdateRole", RoleName="session-reader", MaxSessionDuration=7_200)
    answer = ann.assume("session-reader", DurationSeconds=7_200)
    lasts = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert 7_100 < lasts.total_seconds() <= 7_200, lasts
    role("session-next", trust({"AWS": arn("role", "session-reader")}), READ, MaxSessionDuration=7_200)
    first = Keys.of(answer)
    text = "exceeds the 1 hour session limit for roles assumed by role chaining"
    refused(lambda: first.assume("session-next", DurationSeconds=3_601), "ValidationError", text)
    second = first.session("session-next", "s2", DurationSeconds=3_600)
    same(second.client("sts").get_caller_identity()["Arn"], f"arn:aws:sts::{ACCOUNT}:assumed-role/session-next/s2")
    same(second.read("session/app"), "session/app")


@case
def session_tags_are_principal_tags_and_handed_on():
    tagged = {"Condition": {"StringEquals": {"aws:PrincipalTag/Équipe": "payments"}}}
    reading = {**READ, **tagged}
    role("session-tagged", trust(ANN, action=["sts:AssumeRole", "sts:TagSession"]), reading)
    tags = [{"Key": "Équipe", "Value": "payments"}]
    refused(lambda: ann.session("session-tagged").read("session/app"), "AccessDeniedException")
    session = ann.session("session-tagged", Tags=tags)
    same(session.read("session/app"), "session/app")
    refused(lambda: ann.assume("session-reader", Tags=tags), "AccessDenied", "sts:TagSession")
    role("session-heir", trust({"AWS": arn("role", "session-tagged")}), reading)
    refused(lambda: session.session("session-heir").read("session/app"), "AccessDeniedException")
    transitive = ann.session("session-tagged", Tags=tags, TransitiveTagKeys=["Équipe"])
    refused(lambda: transitive.assume("session-heir"), "AccessDenied", "sts:TagSession")
    role("session-heir-of-tags", trust({"AWS": arn("role", "session-tagged")}, action=["sts:AssumeRole", "sts:TagSession"]), reading)
    same(transitive.session("session-heir-of-tags").read("session/app"), "session/app")
    refused(lambda: ann.assume("session-tagged", Tags=tags * 2), "ValidationError", "Duplicate tag keys")
    refused(lambda: ann.assume("session-tagged", Tags=tags, TransitiveTagKeys=["no"]), "ValidationError", "TransitiveTagKeys")


@case
def tags_beyond_ascii_are_condition_keys_too():
    create("session/tagged", "x", Tags=[{"Key": "Größe", "Value": "1"}, {"Key": "K", "Value": "ascii"}, {"Key": "ÄRA", "Value": "x"}])
    keys = [("ÄRA", "x", True), ("Ära", "x", True), ("ära", "x", False)]
    keys += [("Größe", "1", True), ("grÖße", "1", False), ("GRößE", "1", True), ("\u212a", "ascii", False), ("k", "ascii", True)]
    for key, value, expected in keys:
        condition = {"StringEquals": {f"aws:ResourceTag/{key}": value}}
        document = policy(allow("secretsmanager:GetSecretValue", Condition=condition))
        own("AttachPolicy", UserName="session-bob", PolicyName="tag", PolicyDocument=document)
        if expected:
            bob.read("session/tagged")
        else:
            refused(lambda: bob.read("session/tagged"), "AccessDeniedException")
    own("DetachPolicy", UserName="session-bob", PolicyName="tag")


@case
def a_policy_that_names_the_session_is_not_limited_and_one_that_names_the_role_is():
    create("session/granted", "granted")
    nothing = policy(allow("kms:ListKeys"))
    for principal, limited, unlimited in [(arn("role", "session-reader"), False, True), (reader, True, True)]:
        grant = policy(allow("secretsmanager:GetSecretValue", Principal={"AWS": principal}))
        ok("PutResourcePolicy", {"SecretId": "session/granted", "ResourcePolicy": grant})
        for parameters, expected in [({}, unlimited), ({"Policy": nothing}, limited)]:
            session = ann.session("session-reader", **parameters)
            if expected:
                same(session.read("session/granted"), "granted")
            else:
                refused(lambda: session.read("session/granted"), "AccessDeniedException", "because no session policy allows")
    refused(lambda: ann.session("session-reader", "s9").read("session/granted"), "AccessDeniedException")


@case
def a_boundary_limits_users_and_roles():
    own("CreatePolicy", PolicyName="session-boundary", PolicyDocument=policy(allow("kms:*")))
    own("PutPermissionsBoundary", RoleName="session-reader", PolicyName="session-boundary")
    session = ann.session("session-reader")
    refused(lambda: session.read("session/app"), "AccessDeniedException", "because no permissions boundary allows")
    kept = raw("keyturn.DeletePolicy", {"PolicyName": "session-boundary"})
    same(kept.code, "DeleteConflictException", kept)
    own("DeletePermissionsBoundary", RoleName="session-reader")
    same(session.read("session/app"), "session/app")
    same(raw("keyturn.DeletePermissionsBoundary", {"RoleName": "session-reader"}).code, "NoSuchEntityException")
    last = raw("keyturn.PutPermissionsBoundary", {"UserName": "admin", "PolicyName": "session-boundary"})
    same(last.code, "DeleteConflictException", last)


@case
def who_holds_a_session_makes_nothing_that_lasts():
    made = ADMIN.client("sts").get_session_token(DurationSeconds=900)
    session = Keys.of(made)
    session.read("session/app")
    key = dict(key=session.key, secret=session.secret, extra={"X-Amz-Security-Token": session.token})
    for operation in ("CreateAccessKey", "CreateUser", "DescribeUser"):
        reply = raw("keyturn." + operation, {"UserName": "session-new"}, **key)
        same((reply.status, reply.code), (400, "AccessDeniedException"), reply)
        assert "session credentials of a user" in reply.message, reply
    refused(lambda: session.client("sts").get_session_token(), "AccessDenied", "with session credentials", 403)
    refused(lambda: ann.session("session-reader").client("sts").get_session_token(), "AccessDenied", "with session credentials", 403)
    same(session.client("sts").get_caller_identity()["Arn"], arn("user", "admin"))


@case
def an_altered_token_or_key_is_none():
    session = ann.session("session-reader")
    middle = len(session.token) // 2
    other = "A" if session.token[middle] != "A" else "B"
    altered = Keys(session.key, session.secret, session.token[:middle] + other + session.token[middle + 1 :])
    foreign = Keys(session.key, session.secret, ann.session("session-reader").token)
    for keys in (altered, foreign, Keys(session.key, session.secret), Keys(session.key, session.secret, "AAAA")):
        invalid = "The security token included in the request is invalid."
        refused(lambda: keys.client("sts").get_caller_identity(), "InvalidClientTokenId", invalid, 403)
        refused(lambda: keys.read("session/app"), "UnrecognizedClientException", invalid, 400)
    wrong = Keys(session.key, "x" * 40, session.token)
    refused(lambda: wrong.client("sts").get_caller_identity(), "SignatureDoesNotMatch", status=403)


@case
def revoked_sessions_end_at_once_and_the_role_can_be_assumed_again():
    role("session-revoked", trust(ANN), READ)
    session = ann.session("session-revoked")
    same(session.read("session/app"), "session/app")
    own("RevokeSessions", RoleName="session-revoked")
    refused(lambda: session.read("session/app"), "AccessDeniedException", "with an explicit deny in an identity-based policy")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            same(ann.session("session-revoked").read("session/app"), "session/app")
            return
        except ClientError:
            time.sleep(0.1)
    raise AssertionError("a session that is issued later works")


@case
def sessions_of_a_deleted_role_are_nobodys():
    role("session-gone", trust(ANN), READ)
    session = ann.session("session-gone")
    own("DeleteRole", RoleName="session-gone")
    refused(lambda: session.read("session/app"), "UnrecognizedClientException")
    role("session-gone", trust(ANN), READ)
    refused(lambda: session.read("session/app"), "UnrecognizedClientException")
    refused(lambda: session.client("sts").get_caller_identity(), "InvalidClientTokenId", status=403)
    same(ann.session("session-gone").read("session/app"), "session/app")


@case
def sessions_of_a_user_end_with_its_key():
    user("session-keyed", READ)
    made = own("CreateAccessKey", UserName="session-keyed")
    keys = Keys(made["AccessKeyId"], made["SecretAccessKey"])
    session = Keys.of(keys.client("sts").get_session_token())
    same(session.read("session/app"), "session/app")
    own("UpdateAccessKey", UserName="session-keyed", AccessKeyId=keys.key, Status="Inactive")
    refused(lambda: session.read("session/app"), "UnrecognizedClientException")


@case
def a_later_user_of_the_same_name_inherits_nothing():
    create("session/heirloom", "heirloom")
    eve = user("session-eve")
    unique = own("DescribeUser", UserName="session-eve")["UserId"]
    grant = policy(allow("secretsmanager:GetSecretValue", Principal={"AWS": [arn("user", "session-eve"), arn("user", "session-bob")]}))
    ok("PutResourcePolicy", {"SecretId": "session/heirloom", "ResourcePolicy": grant})
    role("session-left", trust({"AWS": arn("user", "session-eve")}))
    same(eve.read("session/heirloom"), "heirloom")
    eve.assume("session-left")
    own("DeleteUser", UserName="session-eve")
    left = json.loads(ok("GetResourcePolicy", {"SecretId": "session/heirloom"})["ResourcePolicy"])
    same(left["Statement"][0]["Principal"], {"AWS": [unique, arn("user", "session-bob")]})
    again = user("session-eve")
    refused(lambda: again.read("session/heirloom"), "AccessDeniedException")
    refused(lambda: again.assume("session-left"), "AccessDenied")
    same(bob.read("session/heirloom"), "heirloom")
    reply = raw("PutResourcePolicy", {"SecretId": "session/heirloom", "ResourcePolicy": json.dumps(left)})
    same((reply.code, reply.message), ("MalformedPolicyDocumentException", "This resource policy contains an unsupported principal"))
    reply = raw("keyturn.UpdateRole", {"RoleName": "session-left", "AssumeRolePolicyDocument": trust({"AWS": arn("user", "nobody")})})
    same(reply.code, "MalformedPolicyDocumentException", reply)


@case
def a_key_policy_forgets_who_is_deleted_and_takes_nobody_who_is_not_there():
    fay = user("session-fay", allow("kms:ListKeys"))
    unique = own("DescribeUser", UserName="session-fay")["UserId"]
    home = allow("kms:*", Principal={"AWS": arn("root", "").rstrip("/")})
    kms = ADMIN.client("kms")

    def naming(name):
        return policy(home, allow("kms:DescribeKey", Principal={"AWS": arn("user", name)}))

    refused(lambda: kms.create_key(Policy=naming("nobody")), "MalformedPolicyDocumentException", "invalid principals", 400)
    key = kms.create_key(Policy=naming("session-fay"))["KeyMetadata"]["KeyId"]
    fay.client("kms").describe_key(KeyId=key)
    refused(lambda: kms.put_key_policy(KeyId=key, PolicyName="default", Policy=naming("nobody")), "MalformedPolicyDocumentException")
    own("DeleteUser", UserName="session-fay")
    left = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    same(left["Statement"][1]["Principal"], {"AWS": unique})
    again = user("session-fay")
    refused(lambda: again.client("kms").describe_key(KeyId=key), "AccessDeniedException")


def recorded(access_key, name):
    """The record of a call, by the key that it was made with."""
    found = raw(
        "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
        {"LookupAttributes": [{"AttributeKey": "AccessKeyId", "AttributeValue": access_key}]},
        service="cloudtrail",
    ).json["Events"]
    return next(json.loads(event["CloudTrailEvent"]) for event in found if event["EventName"] == name)


@case
def the_audit_trail_says_who_a_session_is():
    answer = ann.assume("session-reader", "deploy-7", ExternalId="x-1")
    session = Keys.of(answer)
    session.read("session/app")
    record = recorded(ann.key, "AssumeRole")
    same(record["eventSource"], "sts.amazonaws.com")
    same(record["requestParameters"]["roleSessionName"], "deploy-7")
    members(record["responseElements"], ["credentials", "assumedRoleUser"], "responseElements")
    same(record["responseElements"]["credentials"]["accessKeyId"], session.key)
    same(record["responseElements"]["assumedRoleUser"]["arn"], answer["AssumedRoleUser"]["Arn"])
    assert session.token not in json.dumps(record) and session.secret not in json.dumps(record)
    who = recorded(session.key, "GetSecretValue")["userIdentity"]
    same((who["type"], who["arn"]), ("AssumedRole", answer["AssumedRoleUser"]["Arn"]))
    same(who["principalId"], answer["AssumedRoleUser"]["AssumedRoleId"])
    issuer = who["sessionContext"]["sessionIssuer"]
    same((issuer["type"], issuer["arn"], issuer["userName"]), ("Role", arn("role", "session-reader"), "session-reader"))
    same(issuer["principalId"] + ":deploy-7", who["principalId"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", who["sessionContext"]["attributes"]["creationDate"]), who
    made = Keys.of(ann.client("sts").get_session_token())
    same(recorded(ann.key, "GetSessionToken")["responseElements"]["credentials"]["accessKeyId"], made.key)
    made.client("sts").get_caller_identity()
    who = recorded(made.key, "GetCallerIdentity")["userIdentity"]
    same((who["type"], who["userName"]), ("IAMUser", "session-ann"))
    members(who["sessionContext"], ["attributes"], "sessionContext of a user")


@case
def the_aws_cli_assumes_the_role_of_a_profile():
    # A home of its own: the CLI remembers sessions there, of other daemons too.
    with tempfile.TemporaryDirectory() as home:
        path = os.path.join(home, "config")
        with open(path, "w") as config:
            config.write(f"[profile base]\naws_access_key_id = {ann.key}\naws_secret_access_key = {ann.secret}\n")
            config.write(f"[profile reader]\nrole_arn = {arn('role', 'session-reader')}\nsource_profile = base\nrole_session_name = cli\n")
        kept = {name: value for name, value in os.environ.items() if name not in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        environment = {**kept, "HOME": home, "AWS_CONFIG_FILE": path, "AWS_PROFILE": "reader", "AWS_DEFAULT_REGION": REGION}

        def aws(*arguments):
            done = subprocess.run(["aws", *arguments, "--output", "json"], env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        same(aws("sts", "get-caller-identity")["Arn"], f"arn:aws:sts::{ACCOUNT}:assumed-role/session-reader/cli")
        same(aws("secretsmanager", "get-secret-value", "--secret-id", "session/app")["SecretString"], "session/app")


main()
