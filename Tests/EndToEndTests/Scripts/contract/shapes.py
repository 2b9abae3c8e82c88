"""Success shapes, member by member, through boto3: what is absent is absent."""
import datetime
import re
import time

import boto3
from harness import *

client = boto3.client("secretsmanager", region_name=REGION)
ARN = r"arn:aws:secretsmanager:eu-central-1:\d{12}:secret:"


def call(operation, **parameters):
    """The answer without boto3's own part, which is checked here."""
    answer = getattr(client, operation)(**parameters)
    metadata = answer.pop("ResponseMetadata")
    same(metadata["HTTPStatusCode"], 200, operation)
    assert re.fullmatch(UUID, metadata["RequestId"]), metadata["RequestId"]
    same(metadata["HTTPHeaders"]["content-type"], "application/x-amz-json-1.1")
    assert "date" in metadata["HTTPHeaders"], "SDKs correct their clocks from Date"
    return answer


def is_arn(text, name):
    assert re.fullmatch(ARN + re.escape(name) + "-[A-Za-z0-9]{6}", text), text


def is_recent(date):
    now = datetime.datetime.now(datetime.timezone.utc)
    assert abs((now - date).total_seconds()) < 60, date


def is_today(date):
    same(date.astimezone(datetime.timezone.utc).time(), datetime.time(0), "an access is a day")


@case
def create_with_and_without_a_value():
    made = call("create_secret", Name="shape/one", SecretString="x", ClientRequestToken="t" * 32)
    members(made, ["ARN", "Name", "VersionId"], "CreateSecret")
    is_arn(made["ARN"], "shape/one")
    same((made["Name"], made["VersionId"]), ("shape/one", "t" * 32))
    members(call("create_secret", Name="shape/empty"), ["ARN", "Name"], "CreateSecret without a value")


@case
def describe_a_minimal_secret():
    created = call("create_secret", Name="minimal", Description="")
    described = call("describe_secret", SecretId="minimal")
    members(described, ["ARN", "Name", "CreatedDate", "LastChangedDate"], "a minimal DescribeSecret")
    same(described["CreatedDate"], described["LastChangedDate"], "nothing has changed yet")
    same(described["ARN"], created["ARN"])
    is_recent(described["CreatedDate"])
    call("put_secret_value", SecretId="minimal", SecretString="x")
    members(
        call("describe_secret", SecretId="minimal"),
        ["ARN", "Name", "CreatedDate", "LastChangedDate", "VersionIdsToStages"],
        "DescribeSecret with a version",
    )


@case
def describe_shows_what_was_set_and_what_happened():
    tags = [{"Key": "team", "Value": "db"}, {"Key": "empty", "Value": ""}]
    call("create_secret", Name="full", SecretString="x", Description="words", Tags=tags)
    call("get_secret_value", SecretId="full")
    described = call("describe_secret", SecretId="full")
    members(
        described,
        "ARN Name Description Tags CreatedDate LastChangedDate LastAccessedDate VersionIdsToStages".split(),
        "DescribeSecret",
    )
    same((described["Description"], described["Tags"]), ("words", tags))
    is_today(described["LastAccessedDate"])
    listed = [entry for entry in call("list_secrets")["SecretList"] if entry["Name"] == "full"][0]
    stages = listed.pop("SecretVersionsToStages")
    same(stages, described.pop("VersionIdsToStages"), "the same map has another name in ListSecrets")
    same(listed, described, "an entry of ListSecrets")


@case
def a_type_is_shown_until_it_is_cleared():
    call("create_secret", Name="typed", SecretString="x", Type="SalesforceClientSecret")
    same(call("describe_secret", SecretId="typed")["Type"], "SalesforceClientSecret")
    same([entry["Type"] for entry in call("list_secrets")["SecretList"] if entry["Name"] == "typed"], ["SalesforceClientSecret"])
    call("update_secret", SecretId="typed", Description="d")
    same(call("describe_secret", SecretId="typed")["Type"], "SalesforceClientSecret")
    call("update_secret", SecretId="typed", Type="")
    assert "Type" not in call("describe_secret", SecretId="typed")


@case
def tags_are_absent_at_first_and_an_empty_list_after_the_last():
    call("create_secret", Name="tags")
    assert "Tags" not in call("describe_secret", SecretId="tags")
    same(call("tag_resource", SecretId="tags", Tags=[{"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}]), {})
    call("tag_resource", SecretId="tags", Tags=[{"Key": "b", "Value": "3"}, {"Key": "B", "Value": "4"}])
    same(
        [(tag["Key"], tag["Value"]) for tag in call("describe_secret", SecretId="tags")["Tags"]],
        [("b", "3"), ("a", "2"), ("B", "4")],
        "overwritten in place, appended, case kept",
    )
    same(call("untag_resource", SecretId="tags", TagKeys=["b", "a", "B", "never"]), {})
    same(call("describe_secret", SecretId="tags")["Tags"], [])


@case
def get_gives_what_was_stored():
    made = call("create_secret", Name="get", SecretString="x")
    found = call("get_secret_value", SecretId="get")
    members(found, "ARN Name VersionId SecretString VersionStages CreatedDate".split(), "GetSecretValue")
    same((found["ARN"], found["VersionId"], found["VersionStages"]), (made["ARN"], made["VersionId"], ["AWSCURRENT"]))
    put_ = call("put_secret_value", SecretId="get", SecretBinary=b"\x00\xff")
    members(put_, "ARN Name VersionId VersionStages".split(), "PutSecretValue")
    binary = call("get_secret_value", SecretId="get")
    members(binary, "ARN Name VersionId SecretBinary VersionStages CreatedDate".split(), "GetSecretValue of bytes")
    same(binary["SecretBinary"], b"\x00\xff")
    assert binary["CreatedDate"] >= found["CreatedDate"], "the date is the version's"
    call("put_secret_value", SecretId="get", SecretString="y")
    call("put_secret_value", SecretId="get", SecretString="z")
    old = call("get_secret_value", SecretId="get", VersionId=made["VersionId"])
    members(old, "ARN Name VersionId SecretString CreatedDate".split(), "a version without labels")


@case
def update_names_a_version_only_with_a_value():
    call("create_secret", Name="update", SecretString="x", Description="d")
    members(call("update_secret", SecretId="update", Description="e"), ["ARN", "Name"], "UpdateSecret of a description")
    members(call("update_secret", SecretId="update", SecretString="y"), ["ARN", "Name", "VersionId"], "UpdateSecret of a value")
    same(call("describe_secret", SecretId="update")["Description"], "e", "an absent description stays")
    members(call("update_secret", SecretId="update"), ["ARN", "Name"], "UpdateSecret of nothing")
    call("update_secret", SecretId="update", Description="")
    assert "Description" not in call("describe_secret", SecretId="update"), "an empty description clears it"


@case
def versions_are_listed_with_the_full_ARN():
    first = call("create_secret", Name="versions", SecretString="1")
    call("put_secret_value", SecretId="versions", SecretString="2")
    call("put_secret_value", SecretId="versions", SecretString="3")
    listed = call("list_secret_version_ids", SecretId="versions")
    members(listed, ["ARN", "Name", "Versions"], "ListSecretVersionIds")
    same((listed["ARN"], len(listed["Versions"])), (first["ARN"], 2), "deprecated versions are left out")
    for entry in listed["Versions"]:
        members(entry, ["VersionId", "VersionStages", "CreatedDate", "KmsKeyIds"], "a version that was never read")
        same(entry["KmsKeyIds"], ["DefaultEncryptionKey"])
    call("get_secret_value", SecretId="versions")
    everything = call("list_secret_version_ids", SecretId="versions", IncludeDeprecated=True)["Versions"]
    same(everything[0]["VersionId"], first["VersionId"], "by creation")
    members(everything[0], ["VersionId", "CreatedDate", "KmsKeyIds"], "a deprecated version")
    members(everything[2], "VersionId VersionStages CreatedDate LastAccessedDate KmsKeyIds".split(), "a version that was read")
    is_today(everything[2]["LastAccessedDate"])


@case
def deletion_and_restoration():
    call("create_secret", Name="delete", SecretString="1")
    gone = call("delete_secret", SecretId="delete")
    members(gone, ["ARN", "Name", "DeletionDate"], "DeleteSecret")
    days = (gone["DeletionDate"] - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 86_400
    assert 29.99 < days < 30.01, days
    described = call("describe_secret", SecretId="delete")
    is_recent(described["DeletedDate"])
    assert all(entry["Name"] != "delete" for entry in call("list_secrets")["SecretList"]), "hidden"
    planned = [entry for entry in call("list_secrets", IncludePlannedDeletion=True)["SecretList"] if entry["Name"] == "delete"]
    same(planned[0]["DeletedDate"], described["DeletedDate"])
    members(call("restore_secret", SecretId="delete"), ["ARN", "Name"], "RestoreSecret")
    assert "DeletedDate" not in call("describe_secret", SecretId="delete")
    members(call("restore_secret", SecretId="delete"), ["ARN", "Name"], "RestoreSecret of what is not deleted")
    call("delete_secret", SecretId="delete", RecoveryWindowInDays=7)
    first = call("delete_secret", SecretId="delete", ForceDeleteWithoutRecovery=True)
    is_recent(first["DeletionDate"])
    again = call("create_secret", Name="delete", SecretString="2")
    assert again["ARN"] != first["ARN"], "a secret that was made again has another suffix"
    nothing = call("delete_secret", SecretId="never-was", ForceDeleteWithoutRecovery=True)
    same(nothing["Name"], "never-was")


@case
def labels_policies_passwords_and_batches():
    made = call("create_secret", Name="rest", SecretString="1")
    second = call("put_secret_value", SecretId="rest", SecretString="2", VersionStages=["green"])
    same(second["VersionStages"], ["green"])
    moved = call("update_secret_version_stage", SecretId="rest", VersionStage="green", RemoveFromVersionId=second["VersionId"])
    members(moved, ["ARN", "Name"], "UpdateSecretVersionStage")
    members(call("get_resource_policy", SecretId="rest"), ["ARN", "Name"], "GetResourcePolicy without a policy")
    account = made["ARN"].split(":")[4]
    statement = f'{{"Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::{account}:root"}}, "Action": "secretsmanager:*", "Resource": "*"}}'
    policy = '{ "Version": "2012-10-17",  "Statement": [' + statement + "] }"
    members(call("put_resource_policy", SecretId="rest", ResourcePolicy=policy), ["ARN", "Name"], "PutResourcePolicy")
    found = call("get_resource_policy", SecretId="rest")
    members(found, ["ARN", "Name", "ResourcePolicy"], "GetResourcePolicy")
    same(found["ResourcePolicy"], policy, "verbatim")
    members(call("delete_resource_policy", SecretId="rest"), ["ARN", "Name"], "DeleteResourcePolicy")
    members(call("delete_resource_policy", SecretId="rest"), ["ARN", "Name"], "DeleteResourcePolicy of none")
    members(call("get_random_password"), ["RandomPassword"], "GetRandomPassword")
    batch = call("batch_get_secret_value", SecretIdList=["rest", "nosuch", made["ARN"]])
    members(batch, ["SecretValues", "Errors"], "BatchGetSecretValue")
    same([value["Name"] for value in batch["SecretValues"]], ["rest", "rest"], "in the order asked for")
    members(batch["SecretValues"][0], "ARN Name VersionId SecretString VersionStages CreatedDate".split(), "a value of a batch")
    same(
        batch["Errors"],
        [{"SecretId": "nosuch", "ErrorCode": "ResourceNotFoundException", "Message": "Secrets Manager can't find the specified secret."}],
    )


@case
def dates_have_milliseconds_and_changes_move_them():
    call("create_secret", Name="dates", SecretString="1")
    seen = []
    for change in range(5):
        time.sleep(0.002)
        call("update_secret", SecretId="dates", Description=str(change))
        seen.append(call("describe_secret", SecretId="dates")["LastChangedDate"])
    same(seen, sorted(set(seen)), "each change is later than the one before, within one second too")
    call("get_secret_value", SecretId="dates")
    same(call("describe_secret", SecretId="dates")["LastChangedDate"], seen[-1], "a read is no change")
    raw_date = ok("DescribeSecret", {"SecretId": "dates"})["LastChangedDate"]
    assert isinstance(raw_date, (int, float)), raw_date


main()
