"""Values: every kind and size comes back as it went in; passwords keep the rules that were asked for."""
import base64
import string

import boto3
from harness import *

client = boto3.client("secretsmanager", region_name=REGION)
TEXTS = {
    "one character": "x",
    "64 KiB": "x" * 65_536,
    "64 KiB of two-byte characters": "\u00e9" * 32_768,
    "quotes and backslashes": '{"a":"\\"b\\\\\\n"}',
    "control characters": "".join(map(chr, range(32))) + "\x7f",
    "blanks around": "  \t x \n ",
    "beyond the first plane": "\U0001f511\U00010ffff"[0:1] + "\u2028\u2029\ufeff\ufffd",
    "decomposed": "e\u0301 \u212a",
    "looks like base64": "QUJD",
    "PEM": "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
}
BYTES = {"one byte": b"\x00", "all bytes": bytes(range(256)), "64 KiB": bytes(65_536), "text": b"text"}


@table(list(TEXTS), lambda name: f"text: {name}")
def text(name):
    secret = "text/" + name.replace(" ", "-")
    client.create_secret(Name=secret, SecretString=TEXTS[name])
    found = client.get_secret_value(SecretId=secret)
    same(found["SecretString"], TEXTS[name])
    assert "SecretBinary" not in found
    batch = client.batch_get_secret_value(SecretIdList=[secret])["SecretValues"][0]
    same(batch["SecretString"], TEXTS[name])


@table(list(BYTES), lambda name: f"bytes: {name}")
def binary(name):
    secret = "bytes/" + name.replace(" ", "-")
    client.create_secret(Name=secret, SecretBinary=BYTES[name])
    found = client.get_secret_value(SecretId=secret)
    same(found["SecretBinary"], BYTES[name])
    assert "SecretString" not in found
    same(base64.b64decode(ok("GetSecretValue", {"SecretId": secret})["SecretBinary"]), BYTES[name], "base64 on the wire")


CLASSES = {
    "ExcludeLowercase": string.ascii_lowercase,
    "ExcludeUppercase": string.ascii_uppercase,
    "ExcludeNumbers": string.digits,
    "ExcludePunctuation": string.punctuation,
}


@table(range(16), lambda mask: f"passwords with excluded types {mask:04b}")
def password(mask):
    excluded = {name: bool(mask >> bit & 1) for bit, name in enumerate(CLASSES)}
    allowed = [characters for name, characters in CLASSES.items() if not excluded[name]]
    if not allowed:
        return same(raw("GetRandomPassword", excluded).code, "InvalidParameterException")
    for length in (len(allowed), 32, 4_096):
        for _ in range(5 if length < 4_096 else 1):
            found = ok("GetRandomPassword", {**excluded, "PasswordLength": length})["RandomPassword"]
            same(len(found), length)
            assert set(found) <= set("".join(allowed)), found
            for characters in allowed:
                assert set(found) & set(characters), f"one of each included type: {found}"


@case
def passwords_with_a_space_and_without_some_characters():
    spaces = 0
    for _ in range(30):
        found = ok("GetRandomPassword", {"IncludeSpace": True, "ExcludePunctuation": True, "PasswordLength": 64})["RandomPassword"]
        spaces += found.count(" ")
        assert set(found) <= set(string.ascii_letters + string.digits + " ")
    assert spaces > 0, "a space is drawn now and then"
    excluded = " abcXYZ012!\"\\"
    found = ok("GetRandomPassword", {"IncludeSpace": True, "ExcludeCharacters": excluded, "PasswordLength": 4_096})["RandomPassword"]
    same((len(found), set(found) & set(excluded)), (4_096, set()))


@case
def two_passwords_differ():
    same(len({ok("GetRandomPassword", {})["RandomPassword"] for _ in range(50)}), 50)


@case
def versions_younger_than_a_day_are_kept_however_many():
    first = create("many", "0")
    for number in range(1, 131):
        put("many", str(number))
    listed = ok("ListSecretVersionIds", {"SecretId": "many", "IncludeDeprecated": True})["Versions"]
    same((len(listed), listed[0]["VersionId"]), (131, first), "one unpaged call gives them all")
    same(ok("GetSecretValue", {"SecretId": "many", "VersionId": first})["SecretString"], "0")
    same(len(ok("ListSecretVersionIds", {"SecretId": "many"})["Versions"]), 2)


main()
