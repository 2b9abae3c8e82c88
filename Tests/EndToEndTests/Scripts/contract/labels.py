"""Where staging labels go: the recorded movements, and random ones against a model of aws-api.md section 4."""
import os
import random

from harness import *


def stages(name):
    return {version: sorted(labels) for version, labels in ok("DescribeSecret", {"SecretId": name}).get("VersionIdsToStages", {}).items()}


def move(name, label, target=None, source=None):
    body = {"SecretId": name, "VersionStage": label, "MoveToVersionId": target, "RemoveFromVersionId": source}
    return raw("UpdateSecretVersionStage", body)


def value(name, **which):
    return ok("GetSecretValue", {"SecretId": name, **which})["SecretString"]


@case
def a_put_moves_AWSCURRENT_and_AWSPREVIOUS():
    a = create("put", "a")
    b = put("put", "b")
    c = put("put", "c")
    same(stages("put"), {c: ["AWSCURRENT"], b: ["AWSPREVIOUS"]})
    same([value("put"), value("put", VersionStage="AWSPREVIOUS"), value("put", VersionId=a)], ["c", "b", "a"])


@case
def AWSPENDING_disappears_with_AWSCURRENT():
    a = create("pending", "a")
    move("pending", "AWSPENDING", a)
    b = put("pending", "b")
    same(stages("pending"), {a: ["AWSPREVIOUS"], b: ["AWSCURRENT"]})


@case
def AWSPENDING_stays_beside_AWSCURRENT_where_it_arrives():
    a = create("arrive", "a")
    b = put("arrive", "b", VersionStages=["AWSPENDING"])
    same(value("arrive"), "a")
    move("arrive", "AWSCURRENT", b, a)
    same(stages("arrive"), {a: ["AWSPREVIOUS"], b: ["AWSCURRENT", "AWSPENDING"]})
    same(value("arrive"), "b", "visible at once in the default read")


@case
def a_rollback_swaps_the_two():
    a = create("back", "a")
    b = put("back", "b")
    same(move("back", "AWSCURRENT", a, b).status, 200)
    same(stages("back"), {a: ["AWSCURRENT"], b: ["AWSPREVIOUS"]})


@case
def custom_labels_stay_and_are_taken_one_by_one():
    a = create("custom", "a")
    b = put("custom", "b", VersionStages=["one", "two", "three"])
    c = put("custom", "c", VersionStages=["one", "two", "four"])
    same(stages("custom"), {a: ["AWSCURRENT"], b: ["three"], c: ["four", "one", "two"]})
    d = put("custom", "d")
    move("custom", "PUT1", a)
    put("custom", "e")
    same(stages("custom")[a], ["PUT1"])
    same(stages("custom")[d], ["AWSPREVIOUS"])


@case
def the_first_value_gets_AWSCURRENT_whatever_is_asked_for():
    create("first", None)
    answer = ok("PutSecretValue", {"SecretId": "first", "ClientRequestToken": token(), "SecretString": "x", "VersionStages": ["AWSPENDING"]})
    same(answer["VersionStages"], ["AWSPENDING", "AWSCURRENT"])


@case
def the_holder_must_be_named_and_right():
    a = create("holder", "a")
    b = put("holder", "b")
    reply = move("holder", "AWSCURRENT", a)
    same((reply.code, reply.message), ("InvalidParameterException",
         f"The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version {b},"
         " so you must explicitly reference that version in RemoveFromVersionId."))
    reply = move("holder", "AWSCURRENT", b, a)
    same((reply.code, reply.message), ("InvalidParameterException",
         "When you move staging label AWSCURRENT, if you specify RemoveFromVersionId, it must be set to the version that currently has"
         " the staging label AWSCURRENT."))
    same(move("holder", "AWSCURRENT", b, b).status, 200, "to where it is")
    same(stages("holder"), {a: ["AWSPREVIOUS"], b: ["AWSCURRENT"]})


@case
def AWSPREVIOUS_can_be_taken_off_as_Terraform_does():
    a = create("off", "a")
    b = put("off", "b")
    same(move("off", "AWSPREVIOUS", None, a).status, 200)
    same(stages("off"), {b: ["AWSCURRENT"]})
    same(value("off", VersionId=a), "a", "the version stays")
    listed = ok("ListSecretVersionIds", {"SecretId": "off"})["Versions"]
    same([entry["VersionId"] for entry in listed], [b])


class Model:
    """One secret's labels, by the rules; a refusal is `None`."""

    def __init__(self, first):
        self.versions = [first]
        self.holder = {"AWSCURRENT": first}

    def current_to(self, version):
        before = self.holder["AWSCURRENT"]
        if before == version:
            return
        self.holder["AWSCURRENT"] = version
        self.holder["AWSPREVIOUS"] = before
        if self.holder.get("AWSPENDING") == before:
            del self.holder["AWSPENDING"]

    def attach(self, label, version):
        if label == "AWSCURRENT":
            self.current_to(version)
        else:
            self.holder[label] = version

    def move(self, label, target, source):
        held = self.holder.get(label)
        if source is None and target is None or source is not None and source != held:
            return False
        if target is None:
            if label == "AWSCURRENT":
                return False
            del self.holder[label]
            return True
        if held not in (None, target) and source is None:
            return False
        if held != target:
            self.attach(label, target)
        return True

    def stages(self):
        found = {}
        for label, version in self.holder.items():
            found.setdefault(version, []).append(label)
        return {version: sorted(labels) for version, labels in found.items()}


LABELS = ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS", "green", "blue"]


@table(range(3), lambda number: f"random movements agree with the rules, walk {number}")
def walk(number):
    seed = int(os.environ.get("CONTRACT_SEED", random.randrange(1 << 32)))
    draw = random.Random(seed + number)
    name = f"walk/{number}"
    model = Model(create(name, "0"))
    for step in range(60):
        what = f"seed {seed}, walk {number}, step {step}"
        if draw.random() < 0.4 and len(model.versions) < 30:
            wanted = draw.sample(LABELS, draw.randint(0, 2))
            made = put(name, str(step), **({"VersionStages": wanted} if wanted else {}))
            model.versions.append(made)
            for label in wanted or ["AWSCURRENT"]:
                model.attach(label, made)
        else:
            label = draw.choice(LABELS)
            target = draw.choice(model.versions + [None])
            source = draw.choice([model.holder.get(label), draw.choice(model.versions), None])
            reply = move(name, label, target, source)
            same(reply.status == 200, model.move(label, target, source), f"{what}: move {label} {source} to {target}: {reply}")
        same(stages(name), model.stages(), what)
        same(ok("GetSecretValue", {"SecretId": name})["VersionId"], model.holder["AWSCURRENT"], what)


main()
