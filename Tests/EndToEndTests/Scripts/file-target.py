#!/usr/bin/env python3
"""A rotator whose target is a directory that the test looks into.

The secret is {"path": DIRECTORY, "username": …, "password": …}; DIRECTORY/password is what the target accepts.
While DIRECTORY/hold-STEP exists, the step waits before its effect; while DIRECTORY/hold-after-STEP exists, after it.
Every call is a line of DIRECTORY/calls: the step, the run and a hash of the pending value.
"""
import hashlib
import json
import os
import sys
import time

step = sys.argv[1]
if step == "describe":
    print(json.dumps({
        "protocols": ["keyturn.rotator/v1"], "name": "file-target", "version": "1", "summary": "a file, for tests",
        "steps": ["setSecret", "testSecret", "probe", "finishSecret"], "strategies": ["single-user"],
    }))
    sys.exit(0)

request = json.load(sys.stdin)
versions = {name: json.loads(version["string"]) for name, version in request["versions"].items() if version}
directory = next(iter(versions.values()))["path"]
target = os.path.join(directory, "password")
pending = versions.get("pending", {}).get("password", "")
with open(os.path.join(directory, "calls"), "a") as calls:
    calls.write(f"{step} {request['run']['id']} {hashlib.sha256(pending.encode()).hexdigest()}\n")


def hold(name):
    deadline = time.monotonic() + 120
    while os.path.exists(os.path.join(directory, "hold-" + name)) and time.monotonic() < deadline:
        time.sleep(0.01)


def answer(ok, code=None, message=None):
    body = {"protocol": "keyturn.rotator/v1", "status": "ok"} if ok else {
        "protocol": "keyturn.rotator/v1", "status": "error", "error": {"code": code, "message": message}}
    print(json.dumps(body))
    sys.exit(0)


def live():
    with open(target) as file:
        return file.read()


if os.path.exists(os.path.join(directory, "down")):
    answer(False, "target_unreachable", "the target is down")
hold(step)
if step == "setSecret":
    # As at any server, who logs in with nothing that is live changes nothing.
    if live() not in {version.get("password") for version in versions.values()}:
        answer(False, "auth_failed", "refused")
    with open(target + ".new", "w") as file:
        file.write(pending)
    os.replace(target + ".new", target)
elif step in ("testSecret", "probe"):
    candidate = pending or next(iter(versions.values()))["password"]
    if candidate != live():
        answer(False, "auth_failed", "refused")
hold("after-" + step)
answer(True)
