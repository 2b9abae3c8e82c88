"""ListSecrets and BatchGetSecretValue: which filter finds what, in which order, and pages while secrets come and go."""
import threading

import boto3
from harness import *

client = boto3.client("secretsmanager", region_name=REGION)
SECRETS = {
    "asecret": dict(Description="asecret"),
    "an/secret": dict(Description="an secret"),
    "one+two": dict(Description="one and two"),
    "SecretOne": dict(Tags=[{"Key": "Team", "Value": "Payments"}]),
    "uat/COMPANY/x": dict(Tags=[{"Key": "team", "Value": "payments"}, {"Key": "stage", "Value": "uat"}]),
    "uat/COMPANYthings/y": dict(Description="A Thing of BEAUTY"),
    "prod/db-main.v2": dict(Tags=[{"Key": "Team", "Value": "Core"}, {"Key": "stage", "Value": "prod"}]),
    "both/words-here": dict(Description="alpha", Tags=[{"Key": "beta", "Value": "gamma"}]),
}
for name, extra in SECRETS.items():
    create(name, "v", **extra)


def names(*filters, **more):
    answer = ok("ListSecrets", {"Filters": [{"Key": key, "Values": values} for key, values in filters], **more})
    return [entry["Name"] for entry in answer["SecretList"]]


# Filters, and what they find in order of creation.
ROWS = [
    ([("name", ["uat/"])], ["uat/COMPANY/x", "uat/COMPANYthings/y"]),
    ([("name", ["UAT/"])], []),
    ([("name", ["a", "one"])], ["asecret", "an/secret", "one+two"]),
    ([("name", ["!a"])], ["one+two", "SecretOne", "uat/COMPANY/x", "uat/COMPANYthings/y", "prod/db-main.v2", "both/words-here"]),
    ([("name", ["a"]), ("name", ["an"])], ["an/secret"]),
    ([("name", ["a"]), ("tag-key", ["Team"])], []),
    ([("tag-key", ["Te"])], ["SecretOne", "prod/db-main.v2"]),
    ([("tag-key", ["te"])], ["uat/COMPANY/x"]),
    ([("tag-value", ["pay"])], ["uat/COMPANY/x"]),
    ([("tag-value", ["Pay", "Co"])], ["SecretOne", "prod/db-main.v2"]),
    ([("tag-key", ["stage"]), ("tag-value", ["prod"])], ["prod/db-main.v2"]),
    ([("description", ["a"])], ["asecret", "an/secret", "one+two", "uat/COMPANYthings/y", "both/words-here"]),
    ([("description", ["thesecret"])], []),
    ([("description", ["a secret"])], ["an/secret"]),
    ([("description", ["o t"])], ["one+two", "uat/COMPANYthings/y"]),
    ([("description", ["beauty"])], ["uat/COMPANYthings/y"]),
    ([("all", ["ret"])], []),
    ([("all", ["sec"])], ["an/secret", "SecretOne"]),
    ([("all", ["company"])], ["uat/COMPANY/x"]),
    ([("all", ["Ythings"])], ["uat/COMPANYthings/y"]),
    ([("all", ["compan"])], ["uat/COMPANY/x", "uat/COMPANYthings/y"]),
    ([("all", ["pany"])], []),
    ([("all", ["things"])], []),
    ([("all", ["N"])], []),
    ([("all", ["/"])], []),
    ([("all", ["PAYMENTS"])], ["SecretOne", "uat/COMPANY/x"]),
    ([("all", ["alpha beta"])], []),
    ([("all", ["words here"])], ["both/words-here"]),
    ([("owning-service", ["rds"])], []),
    ([("primary-region", ["eu-"])], []),
]


@table(ROWS, lambda row: "filter " + " and ".join(f"{key}={values}" for key, values in row[0]))
def finds(row):
    same(names(*row[0]), row[1])


@table([row for row in ROWS if row[1]], lambda row: f"a batch of {row[0]}")
def batch(row):
    found = ok("BatchGetSecretValue", {"Filters": [{"Key": key, "Values": values} for key, values in row[0]]})
    same([value["Name"] for value in found["SecretValues"]], row[1])
    same(found["Errors"], [])


@case
def sorted_by_each_key():
    same(names(SortBy="name"), sorted(SECRETS))
    same(names(SortBy="name", SortOrder="desc"), sorted(SECRETS, reverse=True))
    same(names(SortOrder="desc"), list(SECRETS)[::-1])
    same(names(SortBy="created-date"), list(SECRETS))
    ok("UpdateSecret", {"SecretId": "asecret", "ClientRequestToken": token(), "KmsKeyId": ""})
    ok("TagResource", {"SecretId": "one+two", "Tags": [{"Key": "late", "Value": "x"}]})
    same(names(SortBy="last-changed-date")[-1], "one+two")
    ok("UntagResource", {"SecretId": "one+two", "TagKeys": ["late"]})


@case
def secrets_of_another_region_never_show():
    ok("CreateSecret", {"Name": "elsewhere", "ClientRequestToken": token()}, region="ap-south-1")
    assert "elsewhere" not in names()
    same([entry["Name"] for entry in ok("ListSecrets", {}, region="ap-south-1")["SecretList"]], ["elsewhere"])


def pages(**parameters):
    body, found = dict(parameters), []
    while True:
        answer = ok("ListSecrets", body)
        assert len(answer["SecretList"]) <= parameters["MaxResults"]
        found += [entry["Name"] for entry in answer["SecretList"]]
        if "NextToken" not in answer:
            return found
        body["NextToken"] = answer["NextToken"]


@table([1, 2, 3, 7, 8, 9, 100], lambda size: f"pages of {size} give each secret once, and no token on the last")
def paged(size):
    same(pages(MaxResults=size), list(SECRETS))
    same(pages(MaxResults=size, SortBy="name", SortOrder="desc"), sorted(SECRETS, reverse=True))


@case
def boto3_pages_by_itself():
    found = client.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 3})
    same([entry["Name"] for page in found for entry in page["SecretList"]], list(SECRETS))


@case
def a_token_is_good_for_its_own_call_only():
    first = ok("ListSecrets", {"MaxResults": 2})["NextToken"]
    for operation, body in (
        ("ListSecrets", {"MaxResults": 2, "SortOrder": "desc"}),
        ("ListSecrets", {"Filters": [{"Key": "name", "Values": ["a"]}]}),
        ("ListSecretVersionIds", {"SecretId": "asecret"}),
        ("BatchGetSecretValue", {"Filters": [{"Key": "name", "Values": ["a"]}]}),
    ):
        same(raw(operation, {**body, "NextToken": first}).code, "InvalidNextTokenException", operation)
    same(raw("ListSecrets", {"MaxResults": 2, "NextToken": first}, region="ap-south-1").code, "InvalidNextTokenException")
    ok("ListSecrets", {"MaxResults": 5, "NextToken": first})


@case
def pages_of_versions():
    made = [put("asecret", str(number)) for number in range(7)]
    body, found = {"SecretId": "asecret", "MaxResults": 3, "IncludeDeprecated": True}, []
    while True:
        answer = ok("ListSecretVersionIds", body)
        found += [entry["VersionId"] for entry in answer["Versions"]]
        if "NextToken" not in answer:
            break
        body["NextToken"] = answer["NextToken"]
    same(found[1:], made, "by creation, each once")


@case
def pages_while_secrets_come_and_go():
    """Who is there all the time shows exactly once, whatever happens around."""
    for number in range(40):
        create(f"stay/{number:02}", "v")
        create(f"go/{number:02}", "v")
    stop, failed = threading.Event(), []

    def churn():
        own = http.client.HTTPSConnection(HOST, int(PORT), context=trust(), timeout=60)
        number = 0
        try:
            while not stop.is_set():
                body = {"SecretId": f"go/{number % 40:02}", "ForceDeleteWithoutRecovery": True}
                same(raw("DeleteSecret", body, connection=own).status, 200)
                new = {"Name": f"new/{number:04}", "ClientRequestToken": token(), "SecretString": "v"}
                same(raw("CreateSecret", new, connection=own).status, 200)
                number += 1
        except Exception as error:
            failed.append(error)

    other = threading.Thread(target=churn)
    other.start()
    try:
        wanted = list(SECRETS) + [f"stay/{number:02}" for number in range(40)]
        for order in ({}, {"SortBy": "name"}, {"SortOrder": "desc"}, {"SortBy": "name", "SortOrder": "desc"}):
            for size in (3, 10):
                found = pages(MaxResults=size, **order)
                same(len(found), len(set(found)), "nothing twice")
                same(sorted(name for name in found if name in wanted), sorted(wanted), f"nothing left out, {order}, {size}")
    finally:
        stop.set()
        other.join()
    assert not failed, failed


main()
