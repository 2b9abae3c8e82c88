"""Generated requests over sockets: HTTP heads that are broken, and bodies that are broken but signed, so that they reach JSON parser, member
rules and operations. None may get an answer that AWS has not, hang, or make the daemon grow.

  fuzz.py COUNT [SEED]
"""
import base64
import random
import socket
import time

from harness import *

COUNT = int(sys.argv[1])
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
draw = random.Random(SEED)
TOKENS = [f"{number}{'a' * 35}" for number in range(6)]
NAMES = ["f1", "f2", "f/3", "f-4", "nosuch"]
CODES = set(
    """ResourceNotFoundException InvalidParameterException InvalidRequestException ResourceExistsException LimitExceededException
    InvalidNextTokenException MalformedPolicyDocumentException PublicPolicyException ValidationException AccessDeniedException
    SerializationException UnknownOperationException MissingAuthenticationTokenException IncompleteSignatureException
    InvalidSignatureException UnrecognizedClientException RequestEntityTooLargeException RequestTimeoutException
    EncryptionFailure DecryptionFailure""".split()
)
STATUSES = (200, 400, 408, 413)
AWKWARD = [
    None, True, False, 0, -1, 1, 2**31, 2**63, -2**63 - 1, 1e308, 0.5, "", " ", "a" * 2_049, "\u0000", "\u00e9", "e\u0301", "\U0001f511", "%s%n",
    "../..", "arn:aws:secretsmanager:", "arn:aws:secretsmanager:us-east-1:1:secret:", ":secret:", "aws:x", "rate(", "cron(* * * * ? *)",
    "[0]", "{}", [], {}, [[]], [None], {"": None}, {"Key": None}, "*" * 500, "'; DROP TABLE secrets; --", "AWSCURRENT", "AWSPENDING",
]


def bodies():
    secret = {"SecretId": draw.choice(NAMES)}
    fresh = {"ClientRequestToken": draw.choice(TOKENS)}
    value = draw.choice([{"SecretString": "x"}, {"SecretBinary": base64.b64encode(b"x").decode()}, {}])
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    return {
        "CreateSecret": {
            "Name": draw.choice(NAMES[:-1]), **fresh, **value, "Tags": [{"Key": "k", "Value": "v"}], "Description": "d",
            "AddReplicaRegions": [{"Region": "us-west-2"}] if draw.random() < 0.05 else None,
        },
        "PutSecretValue": {**secret, **fresh, **value, "VersionStages": [draw.choice(["AWSCURRENT", "AWSPENDING", "l"])]},
        "UpdateSecret": {**secret, **fresh, **value, "Description": "e", "KmsKeyId": ""},
        "GetSecretValue": {**secret, "VersionId": draw.choice(TOKENS + [None]), "VersionStage": draw.choice(["AWSCURRENT", "l", None])},
        "BatchGetSecretValue": {"SecretIdList": NAMES} if draw.random() < 0.5 else {"Filters": [{"Key": "all", "Values": ["f"]}]},
        "DescribeSecret": secret,
        "ListSecrets": {
            "MaxResults": 3, "Filters": [{"Key": "name", "Values": ["f", "!x"]}], "SortBy": "name", "SortOrder": "desc",
            "IncludePlannedDeletion": True, "NextToken": draw.choice([None, base64.b64encode(b'["x",1,"y"]').decode()]),
        },
        "ListSecretVersionIds": {**secret, "MaxResults": 2, "IncludeDeprecated": True},
        "DeleteSecret": {**secret, **draw.choice([{"RecoveryWindowInDays": 7}, {"ForceDeleteWithoutRecovery": True}])},
        "RestoreSecret": secret,
        "TagResource": {**secret, "Tags": [{"Key": "a", "Value": "b"}]},
        "UntagResource": {**secret, "TagKeys": ["a"]},
        "PutResourcePolicy": {**secret, "ResourcePolicy": json.dumps(policy), "BlockPublicPolicy": False},
        "GetResourcePolicy": secret,
        "DeleteResourcePolicy": secret,
        "ValidateResourcePolicy": {**secret, "ResourcePolicy": json.dumps(policy)},
        "UpdateSecretVersionStage": {
            **secret, "VersionStage": draw.choice(["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS", "l"]),
            "MoveToVersionId": draw.choice(TOKENS + [None]), "RemoveFromVersionId": draw.choice(TOKENS + [None]),
        },
        "GetRandomPassword": {"PasswordLength": 40, "ExcludeCharacters": "abc", "IncludeSpace": True},
        "RotateSecret": {
            **secret, **fresh, "RotationLambdaARN": "arn:aws:lambda:us-east-1:1:function:none",
            "RotationRules": draw.choice([{"AutomaticallyAfterDays": 3}, {"ScheduleExpression": "rate(4 hours)", "Duration": "3h"}]),
        },
        "CancelRotateSecret": secret,
        "ReplicateSecretToRegions": {**secret, "AddReplicaRegions": [{"Region": "us-west-2"}], "ForceOverwriteReplicaSecret": True},
        "RemoveRegionsFromReplication": {**secret, "RemoveReplicaRegions": ["us-west-2"]},
        "StopReplicationToReplica": secret,
    }


def places(value, path=()):
    """Every place in a document, as the keys that lead there."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, path + (key,))


def with_change(document, change):
    document = json.loads(json.dumps(document))
    path = draw.choice([path for path in places(document) if path] or [()])
    if not path:
        return change(document)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = change(parent[path[-1]])
    return document


def awkward(value):
    """Mostly of the same type: what is of another goes no further than the types are checked."""
    return draw.choice([new for new in AWKWARD if type(new) is type(value) or draw.random() < 0.1] or AWKWARD)


def mutated_document(document):
    for _ in range(draw.randint(0, 2)):
        kind = draw.randrange(5)
        if kind < 3:
            document = with_change(document, awkward)
        elif kind == 3:
            document = with_change(document, lambda value: [value] * draw.choice([1, 2, 25, 200]))
        else:
            document = with_change(document, lambda value: {"Surprise": value})
        if not isinstance(document, dict):
            break
    return json.dumps(document, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")


def mutated_bytes(data):
    data = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        start = draw.randint(0, len(data))
        end = min(len(data), start + draw.randint(0, 12))
        kind = draw.randrange(6)
        if kind == 0 and start < len(data):
            data[start] = draw.randrange(256)
        elif kind == 1:
            del data[start:end]
        elif kind == 2:
            data[start:start] = data[start:end]
        elif kind == 3:
            data[start:end] = draw.choice([b"\x00", b"\xff", b"\r\n", b" ", b":", b'"', b"{" * 100, b"[" * 600, b"1e999", b"\\ud800", b"%", b"a" * 3_000])
        elif kind == 4:
            del data[start:]
        elif start < len(data):
            data[start] ^= 1 << draw.randrange(8)
    return bytes(data)


class Connection:
    """Keeps a socket, and reads one answer at a time without http.client's opinions."""

    def __init__(self):
        self.socket = None
        self.rest = b""

    def open(self):
        self.close()
        plain = socket.create_connection((HOST, int(PORT)), timeout=30)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = trusted.wrap_socket(plain, server_hostname=HOST) if ENDPOINT.startswith("https") else plain

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket, self.rest = None, b""

    def send(self, data):
        """The status and the body of the answer; `None` if the daemon ended the connection without one."""
        if self.socket is None:
            self.open()
        try:
            self.socket.sendall(data)
            while b"\r\n\r\n" not in self.rest:
                self.more()
            head, self.rest = self.rest.split(b"\r\n\r\n", 1)
            lines = head.split(b"\r\n")
            headers = dict(line.lower().split(b": ", 1) for line in lines[1:])
            length = int(headers.get(b"content-length", b"0"))
            while len(self.rest) < length:
                self.more()
            body, self.rest = self.rest[:length], self.rest[length:]
            return int(lines[0].split()[1]), body, headers
        except (ConnectionError, ssl.SSLError, EOFError):
            self.close()
            return None

    def more(self):
        part = self.socket.recv(65_536)
        if not part:
            raise EOFError
        self.rest += part


def resident():
    with open(f"/proc/{os.environ['DAEMON_PID']}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def fail(what, data, answer=None):
    print(f"FAILED fuzz: seed {SEED}, input {number}: {what}; answer {answer!r}; input {data[:2_000]!r}")
    sys.exit(0)


def request(operation, body):
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": operation, "Content-Length": str(len(body))}
    headers = signed(body, headers)
    return "POST / HTTP/1.1\r\n".encode() + b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items()) + b"\r\n"


trusted = trust() if ENDPOINT.startswith("https") else None
signed_wire, broken_wire = Connection(), Connection()
before, begin, reached, opened = None, time.monotonic(), {}, 0
for number in range(COUNT):
    operation, document = draw.choice(list(bodies().items()))
    if draw.random() < 0.8:
        # Signed, so that it gets through to what the body is for.
        body = mutated_document(document)
        if draw.random() < 0.15:
            body = mutated_bytes(body)
        target = "secretsmanager." + operation
        data = request(target, body) + body
        answer = signed_wire.send(data)
        if answer is None:
            answer = signed_wire.send(data)
        if answer is None:
            fail("no answer to well-formed HTTP", data)
        status, text, headers = answer
        try:
            found = json.loads(text)
        except ValueError:
            fail("the answer is not JSON", data, answer)
        if status not in STATUSES or not isinstance(found, dict) or status != 200 and found.get("__type") not in CODES:
            fail("an answer that AWS has not", data, answer)
        if status != 200 and b"SecretString" in data and b"\"x\"" in text:
            fail("I8: an error shows the value", data, answer)
        key = (operation, found.get("__type", "ok"))
    else:
        body = json.dumps(document).encode()
        data = mutated_bytes(request("secretsmanager." + operation, body) + body)
        # What is cut off would be waited for: the daemon gets to see the end, and the connection is not used again.
        broken_wire.open()
        opened += 1
        try:
            broken_wire.socket.sendall(data + b"\r\n\r\n")
            broken_wire.socket.settimeout(0.01 if draw.random() < 0.9 else 0.5)
            text = broken_wire.socket.recv(65_536)
        except (TimeoutError, ConnectionError, ssl.SSLError):
            text = b""
        if text and (not text.startswith(b"HTTP/1.1 ") or int(text[9:12]) not in STATUSES + (101, 404, 431)):
            fail("an answer that HTTP has not", data, text)
        broken_wire.close()
        key = ("head", text[9:12].decode() or "none")
    reached[key] = reached.get(key, 0) + 1
    if number == COUNT // 10:
        before = resident()
if Connection().send(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")[0] != 200:
    fail("the daemon is not well", b"")
grown = (resident() - (before or resident())) // 1_024
if grown > 256:
    fail(f"the daemon grew by {grown} MiB", b"")
print(f"ok fuzz: {COUNT} inputs, seed {SEED}, {len(reached)} outcomes, {grown} MiB more, {time.monotonic() - begin:.0f} s")
if "-v" in sys.argv:
    for key, count in sorted(reached.items()):
        print("  ", *key, count)
