"""ClientRequestToken: the table of aws-api.md section 5."""
from harness import *


def refused(operation, body, code, text=None):
    reply = raw(operation, body)
    same((reply.status, reply.code), (400, code), repr(reply))
    if text:
        same(reply.message, text)


def taken(used, arn):
    return f"You can't use ClientRequestToken {used} because that value is already in use for a version of secret {arn}."


@case
def create_again_with_the_same_token_and_value_answers_the_same():
    body = {"Name": "c/same", "ClientRequestToken": token(), "SecretString": "x"}
    first = ok("CreateSecret", body)
    date = ok("DescribeSecret", {"SecretId": "c/same"})["LastChangedDate"]
    same(ok("CreateSecret", body), first)
    same(ok("DescribeSecret", {"SecretId": "c/same"})["LastChangedDate"], date)
    refused("CreateSecret", {**body, "SecretString": "y"}, "ResourceExistsException", taken(body["ClientRequestToken"], first["ARN"]))
    del body["SecretString"]
    refused("CreateSecret", {**body, "SecretBinary": "eA=="}, "ResourceExistsException", taken(body["ClientRequestToken"], first["ARN"]))
    refused("CreateSecret", {**body, "ClientRequestToken": token()}, "ResourceExistsException",
            "The operation failed because the secret c/same already exists.")


@case
def create_without_a_value_can_be_repeated_by_its_own_retry():
    body = {"Name": "c/empty", "ClientRequestToken": "terraform-20261121011248368900000002"}
    same(ok("CreateSecret", body), ok("CreateSecret", body))
    refused("CreateSecret", {**body, "ClientRequestToken": token()}, "ResourceExistsException")


@table(["PutSecretValue", "UpdateSecret"], lambda operation: f"{operation} again changes nothing; other data is refused")
def again(operation):
    name = "again/" + operation
    create(name, "one")
    body = {"SecretId": name, "ClientRequestToken": token(), "SecretString": "two"}
    first = ok(operation, body)
    described = ok("DescribeSecret", {"SecretId": name})
    same(ok(operation, body), first)
    same(ok("DescribeSecret", {"SecretId": name}), described)
    refused(operation, {**body, "SecretString": "three"}, "ResourceExistsException", taken(body["ClientRequestToken"], first["ARN"]))
    del body["SecretString"]
    refused(operation, {**body, "SecretBinary": "dHdv"}, "ResourceExistsException", taken(body["ClientRequestToken"], first["ARN"]))
    same(ok("DescribeSecret", {"SecretId": name}), described)


@case
def a_repeated_put_answers_the_labels_of_now():
    create("now", "one")
    body = {"SecretId": "now", "ClientRequestToken": token(), "SecretString": "two"}
    same(ok("PutSecretValue", body)["VersionStages"], ["AWSCURRENT"])
    put("now", "three")
    same(ok("PutSecretValue", body)["VersionStages"], ["AWSPREVIOUS"])
    same(ok("GetSecretValue", {"SecretId": "now"})["SecretString"], "three", "the repeated put moved nothing")


@case
def the_same_value_with_a_new_token_is_a_new_version():
    first = create("new", "x")
    second = ok("UpdateSecret", {"SecretId": "new", "ClientRequestToken": token(), "SecretString": "x"})["VersionId"]
    same(ok("DescribeSecret", {"SecretId": "new"})["VersionIdsToStages"], {first: ["AWSPREVIOUS"], second: ["AWSCURRENT"]})


@case
def an_update_without_a_value_leaves_its_token_unused():
    create("unused", "x")
    body = {"SecretId": "unused", "ClientRequestToken": token(), "Description": "d"}
    ok("UpdateSecret", body)
    same(ok("PutSecretValue", {"SecretId": "unused", "ClientRequestToken": body["ClientRequestToken"], "SecretString": "y"})["VersionId"],
         body["ClientRequestToken"])


@case
def tokens_keep_their_case_and_need_not_be_UUIDs():
    for used in ("A" * 32, "a" * 32, "Terraform-" + "x" * 54):
        same(ok("CreateSecret", {"Name": "t/" + used, "ClientRequestToken": used, "SecretString": "x"})["VersionId"], used)


main()
