"""Creates a secret and rotates it several times, by unmodified boto3.

usage: rotate.py NAME VALUE-JSON ROTATOR RULES-JSON TIMES
Prints, for each rotation, what a client sees: the value and the labels of AWSCURRENT, and the description of the secret.
"""
import json
import sys
import time

import boto3

name, value, rotator, rules, times = sys.argv[1:]
client = boto3.client("secretsmanager")
client.create_secret(Name=name, SecretString=value)
seen = []
for number in range(int(times)):
    arguments = {"SecretId": name}
    if number == 0:
        arguments["RotationLambdaARN"] = f"arn:aws:lambda:{client.meta.region_name}:000000000000:function:{rotator}"
        arguments["RotationRules"] = json.loads(rules)
    run = client.rotate_secret(**arguments)["VersionId"]
    deadline = time.monotonic() + 60
    while True:
        labels = client.describe_secret(SecretId=name)["VersionIdsToStages"]
        if "AWSCURRENT" in labels.get(run, []) and "AWSPENDING" not in labels[run]:
            break
        if time.monotonic() > deadline:
            sys.exit(f"rotation {number} has not ended: {labels}")
        time.sleep(0.05)
    answer = client.get_secret_value(SecretId=name)
    description = client.describe_secret(SecretId=name)
    seen.append(
        {
            "run": run,
            "version": answer["VersionId"],
            "stages": answer["VersionStages"],
            "value": json.loads(answer["SecretString"]),
            "rotationEnabled": description["RotationEnabled"],
            "next": description["NextRotationDate"].timestamp(),
            "last": description["LastRotatedDate"].timestamp(),
        }
    )
print(json.dumps(seen))
