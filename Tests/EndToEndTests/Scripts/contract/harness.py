"""What the contract scripts share: requests signed by hand, so that each part can be wrong; and cases that say how they went."""
import datetime
import hashlib
import hmac
import http.client
import json
import os
import ssl
import sys
import traceback
import uuid

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
AUTHORITY = ENDPOINT.split("//")[1]
HOST, PORT = AUTHORITY.split(":")
KEY = os.environ["AWS_ACCESS_KEY_ID"]
SECRET = os.environ["AWS_SECRET_ACCESS_KEY"]
REGION = os.environ.get("CONTRACT_REGION", "eu-central-1")
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def token():
    return str(uuid.uuid4())


def trust():
    return ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json.get("__type")

    @property
    def message(self):
        return self.json.get("Message", self.json.get("message"))

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed(
    body,
    headers,
    *,
    at=None,
    key=KEY,
    secret=SECRET,
    region=REGION,
    service="secretsmanager",
    terminator="aws4_request",
    day=None,
    unsigned=(),
    date_header="X-Amz-Date",
    date_text=None,
    hashed=None,
    method="POST",
    path="/",
    query="",
):
    """The headers of a request with the Authorization header of SigV4; every part can be set apart from what is right."""
    at = at or datetime.datetime.now(datetime.timezone.utc)
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    headers = {"Host": AUTHORITY, **headers}
    headers[date_header] = date_text or (stamp if date_header == "X-Amz-Date" else at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    day = day or stamp[:8]
    scope = f"{day}/{region}/{service}/{terminator}"
    names = sorted(name.lower() for name in headers if name.lower() not in unsigned)
    values = {name.lower(): " ".join(str(value).split()) for name, value in headers.items()}
    canonical = "\n".join(
        [method, path, query, "".join(f"{name}:{values[name]}\n" for name in names), ";".join(names)]
        + [hashed or hashlib.sha256(body).hexdigest()]
    )
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    derived = ("AWS4" + secret).encode()
    for part in (day, region, service, terminator):
        derived = digest(derived, part)
    signature = hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    return headers


def send(headers, body, method="POST", target="/", connection=None):
    connection = connection or http.client.HTTPSConnection(HOST, int(PORT), context=trust(), timeout=30)
    connection.request(method, target, body=body, headers=headers)
    return Reply(connection.getresponse())


kept = http.client.HTTPSConnection(HOST, int(PORT), context=trust(), timeout=60)


def raw(operation, body, *, extra=None, connection=None, **signing):
    """A call as no SDK would send it. `body`: bytes, text, or what becomes JSON."""
    if not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    data = body if isinstance(body, bytes) else body.encode()
    target = operation if "." in operation else "secretsmanager." + operation
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target, **(extra or {})}
    return send(signed(data, headers, **signing), data, connection=connection or kept)


def ok(operation, body, **signing):
    reply = raw(operation, body, **signing)
    assert reply.status == 200, f"{operation}: {reply}"
    return reply.json


def create(name, value="v", **members):
    """Makes a secret; its version's id."""
    body = {"Name": name, "ClientRequestToken": token(), **members}
    if value is not None:
        body["SecretString"] = value
    return ok("CreateSecret", body).get("VersionId")


def put(name, value="v", **members):
    return ok("PutSecretValue", {"SecretId": name, "ClientRequestToken": token(), "SecretString": value, **members})["VersionId"]


def same(found, wanted, what=""):
    assert found == wanted, f"{what}{': ' if what else ''}found {found!r}, wanted {wanted!r}"


def members(found, wanted, what):
    same(sorted(found), sorted(wanted), f"members of {what}")


cases = []


def case(function):
    """Declares a case: a function without parameters, whose name says what holds."""
    cases.append((function.__name__.replace("_", " "), function))
    return function


def table(rows, name):
    """Declares a case for each row; `name` of a row is what a person finds it by."""

    def declare(check):
        for row in rows:
            cases.append((name(row), lambda row=row: check(row)))
        return check

    return declare


def main():
    for name, function in cases:
        try:
            function()
            print("ok", name)
        except Exception as error:
            where = traceback.extract_tb(sys.exc_info()[2])[-1]
            print(f"FAILED {name}: {type(error).__name__} {error} (line {where.lineno} of {os.path.basename(where.filename)})".replace("\n", " "))
    print("tried", len(cases))
