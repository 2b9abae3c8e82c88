"""What stands before the operations: every row of the SigV4 table, the forms that are refused, limits, deadlines, TLS."""
import socket
import threading
import time

from harness import *

UTC = datetime.timezone.utc
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key"
    " and signing method. Consult the service documentation for details."
)
UNKNOWN = "The security token included in the request is invalid."
TARGET = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "secretsmanager.ListSecrets"}
BODY = b'{"MaxResults":1}'


def refused(reply, code, text=None):
    same(reply.status, 400, repr(reply))
    same(reply.code, code, repr(reply))
    same(reply.headers["x-amzn-errortype"], code)
    members(reply.json, ["__type", "message"], "an error of the front door")
    assert reply.headers["date"] and reply.headers["x-amzn-requestid"], reply.headers
    if text is not None:
        same(reply.message, text)


def accepted(reply):
    same(reply.status, 200, repr(reply))


def call(headers=TARGET, body=BODY, **signing):
    return send(signed(body, headers, **signing), body)


def changed(change, headers=TARGET, **signing):
    """A signed request whose headers are changed after signing."""
    found = signed(BODY, headers, **signing)
    change(found)
    return send(found, BODY)


def authorization(change):
    def edit(headers):
        headers["Authorization"] = change(headers["Authorization"])

    return changed(edit)


@case
def signed_headers_of_every_client_are_accepted():
    accepted(call())
    more = {
        "amz-sdk-invocation-id": token(), "amz-sdk-request": "attempt=1; max=3", "Content-Length": str(len(BODY)),
        "x-amz-user-agent": "  aws-sdk-js/3.0   os/linux  ", "Accept-Encoding": "identity", "Expect": "nothing",
    }
    accepted(call({**TARGET, **more}))
    accepted(call({"X-Amz-Target": TARGET["X-Amz-Target"]}))
    accepted(call(TARGET, unsigned=("content-type",)))
    accepted(authorization(lambda text: text.replace(", ", ",")))
    accepted(call({**TARGET, "x-amz-content-sha256": hashlib.sha256(BODY).hexdigest()}))
    accepted(call({**TARGET, "User-Agent": "x"}, unsigned=("user-agent",)))


@case
def the_Date_header_stands_in_for_X_Amz_Date():
    accepted(call(date_header="Date"))
    old = datetime.datetime.now(UTC) - datetime.timedelta(minutes=6)
    same(call(date_header="Date", at=old).code, "InvalidSignatureException")
    same(call(date_header="Date", unsigned=("date",)).code, "InvalidSignatureException", "an unsigned date")


@case
def no_Authorization():
    refused(changed(lambda headers: headers.pop("Authorization")), "MissingAuthenticationTokenException", "Missing Authentication Token")


@table(
    [
        ("Credential", "Authorization header requires 'Credential' parameter."),
        ("SignedHeaders", "Authorization header requires 'SignedHeaders' parameter."),
        ("Signature", "Authorization header requires 'Signature' parameter."),
    ],
    lambda row: f"Authorization without {row[0]} names it",
)
def incomplete(row):
    reply = authorization(lambda text: text.replace(row[0] + "=", "Other="))
    refused(reply, "IncompleteSignatureException", row[1])


@table(["Bearer x", "AWS4-HMAC-SHA512 Credential=a", "Basic YTpi", "AWS4-ECDSA-P256-SHA256 Credential=a"], lambda text: f"Authorization: {text}")
def another_scheme(text):
    same(authorization(lambda _: text).code, "IncompleteSignatureException")


@case
def no_date_at_all():
    reply = changed(lambda headers: headers.pop("X-Amz-Date"))
    refused(reply, "IncompleteSignatureException",
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")


@table(["20260230T000000Z", "20261121T250000Z", "20261121", "2026-11-21T00:00:00Z", "x"], lambda text: f"X-Amz-Date: {text}")
def bad_dates(text):
    same(call(date_text=text).code, "IncompleteSignatureException")


@case
def a_credential_without_five_parts():
    refused(authorization(lambda text: text.replace("/aws4_request", "")), "IncompleteSignatureException",
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.")


@case
def an_unknown_key_and_a_foreign_token_are_refused_alike():
    refused(call(key="AKIAIOSFODNN7EXAMPLE"), "UnrecognizedClientException", UNKNOWN)
    refused(call({**TARGET, "X-Amz-Security-Token": "made up"}), "UnrecognizedClientException", UNKNOWN)


@case
def another_secret_or_another_request_is_a_mismatch():
    refused(call(secret="wrong"), "InvalidSignatureException", MISMATCH)
    refused(send(signed(BODY, TARGET), BODY + b" "), "InvalidSignatureException", MISMATCH)
    refused(send(signed(BODY, TARGET), BODY, target="/x"), "InvalidSignatureException", MISMATCH)
    refused(send(signed(BODY, TARGET), BODY, method="PUT"), "InvalidSignatureException", MISMATCH)
    refused(changed(lambda headers: headers.update({"X-Amz-Target": "secretsmanager.DeleteSecret"})), "InvalidSignatureException", MISMATCH)
    refused(authorization(lambda text: text[:-1] + ("0" if text[-1] != "0" else "1")), "InvalidSignatureException", MISMATCH)
    refused(authorization(lambda text: text[:-64] + text[-64:].upper()), "InvalidSignatureException", MISMATCH)


@case
def the_scope_must_be_right():
    refused(call(service="s3"), "InvalidSignatureException", "Credential should be scoped to correct service: 'secretsmanager'.")
    refused(call(region="Not_A_Region"), "InvalidSignatureException", "Credential should be scoped to a valid region.")
    refused(call(terminator="aws3_request"), "InvalidSignatureException",
            "Credential should be scoped with a valid terminator: 'aws4_request'.")
    same(call(day="20200101").code, "InvalidSignatureException")


@case
def a_clock_may_differ_by_five_minutes_and_the_texts_say_how():
    for minutes in (-4.9, 4.9):
        accepted(call(at=datetime.datetime.now(UTC) + datetime.timedelta(minutes=minutes)))
    stamp = "%Y%m%dT%H%M%SZ"
    for minutes, text in (
        (-6, "Signature expired: {sent} is now earlier than {limit} ({now} - 5 min.)"),
        (6, "Signature not yet current: {sent} is still later than {limit} ({now} + 5 min.)"),
    ):
        sent = datetime.datetime.now(UTC) + datetime.timedelta(minutes=minutes)
        reply = call(at=sent)
        same(reply.code, "InvalidSignatureException")
        server = datetime.datetime.strptime(reply.headers["date"], "%a, %d %b %Y %H:%M:%S GMT")
        possible = []
        for late in (-1, 0, 1):
            now = server + datetime.timedelta(seconds=late)
            limit = now + datetime.timedelta(minutes=5 if minutes > 0 else -5)
            possible.append(text.format(sent=sent.strftime(stamp), limit=limit.strftime(stamp), now=now.strftime(stamp)))
        assert reply.message in possible, reply.message


@case
def what_matters_must_be_signed():
    same(call(unsigned=("host",)).code, "InvalidSignatureException", "host")
    same(call(unsigned=("x-amz-target",)).code, "InvalidSignatureException", "x-amz-target")
    same(call(unsigned=("x-amz-date",)).code, "InvalidSignatureException", "x-amz-date")
    hashed = {**TARGET, "x-amz-content-sha256": hashlib.sha256(BODY).hexdigest()}
    same(call(hashed, unsigned=("x-amz-content-sha256",)).code, "InvalidSignatureException", "x-amz-content-sha256")
    same(call({**TARGET, "X-Amz-Security-Token": "t"}, unsigned=("x-amz-security-token",)).status, 400, "x-amz-security-token")
    same(changed(lambda headers: headers.update({"x-amz-extra": "1"})).code, "InvalidSignatureException", "an added header")


@table(["0" * 64, "UNSIGNED-PAYLOAD", "", "x"], lambda text: f"x-amz-content-sha256: {text[:20]}")
def the_payload_hash_must_be_that_of_the_body(text):
    same(call({**TARGET, "x-amz-content-sha256": text}, hashed=text).code, "InvalidSignatureException")


@table(["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"], lambda text: f"refused: {text}")
def streamed_payloads_are_refused(text):
    reply = call({**TARGET, "x-amz-content-sha256": text, "Content-Encoding": "aws-chunked"}, hashed=text)
    refused(reply, "InvalidSignatureException",
            f"The payload form '{text}' is not supported: 'x-amz-content-sha256' must be the SHA-256 of the whole body.")


@case
def presigned_requests_are_refused():
    query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Date=x&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00"
    reply = send({**TARGET, "Host": AUTHORITY}, BODY, target="/?" + query)
    refused(reply, "IncompleteSignatureException", "Presigned requests are not supported: sign with the 'Authorization' header.")


class Wire:
    """A connection on which bytes are sent as they are."""

    def __init__(self, context=None):
        plain = socket.create_connection((HOST, int(PORT)), timeout=30)
        self.socket = (context or trust()).wrap_socket(plain, server_hostname=HOST)

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())
        return self

    def read(self, seconds):
        """What arrives, and whether the server ended the connection."""
        self.socket.settimeout(0.2)
        found, end = b"", time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                part = self.socket.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                return found, True
            if not part:
                return found, True
            found += part
        return found, False


@case
def a_connection_is_kept_and_requests_may_follow_each_other():
    wire = Wire().send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
    found, is_closed = wire.read(1)
    same((found.count(b"200 OK"), is_closed), (3, False))
    connection = http.client.HTTPSConnection(HOST, int(PORT), context=trust(), timeout=30)
    for _ in range(5):
        accepted(send(signed(BODY, TARGET), BODY, connection=connection))
        refused(send({**TARGET, "Host": AUTHORITY}, BODY, connection=connection), "MissingAuthenticationTokenException")


@table(
    ["garbage\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
     "POST / HTTP/1.1\r\nHost : x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nX: " + "a" * 40_000 + "\r\n\r\n",
     "POST / HTTP/1.1\r\nHost: x\r\n" + "X: y\r\n" * 2_000 + "\r\n", "\x16\x03\x01\x02\x00\x01"],
    lambda text: f"broken HTTP ends the connection: {text[:60]!r}",
)
def broken(text):
    found, is_closed = Wire().send(text).send("\r\n\r\n" if text.startswith("\x16") else "").read(5)
    assert is_closed and (not found or found.startswith(b"HTTP/1.1 400 ")), (found[:100], is_closed)


@case
def a_body_over_the_limit_is_refused_before_it_is_sent():
    start = time.monotonic()
    found, is_closed = Wire().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n").read(5)
    assert found.startswith(b"HTTP/1.1 413 ") and b'"RequestEntityTooLargeException"' in found, found
    assert is_closed and time.monotonic() - start < 4, "and its connection is closed"


@case
def a_body_in_pieces_is_refused_where_it_passes_the_limit():
    wire = Wire().send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        for _ in range(300):
            wire.send(b"1000\r\n" + b"x" * 4_096 + b"\r\n")
    except OSError:
        pass
    found, is_closed = wire.read(5)
    assert is_closed, "the connection is closed"
    assert not found or found.startswith(b"HTTP/1.1 413 "), found[:100]


@case
def slow_and_silent_clients_are_dropped():
    """The head within 15 seconds, the body within 30, however the bytes drip."""
    ends = {}

    def drip(name, start, byte):
        wire, begin = Wire().send(start), time.monotonic()
        while time.monotonic() - begin < 45:
            try:
                if byte:
                    wire.send(byte)
            except OSError:
                break
            found, is_closed = wire.read(1)
            if is_closed:
                break
        ends[name] = time.monotonic() - begin

    kinds = {
        "silent": ("", b""),
        "head": ("POST / HTTP/1.1\r\nHost: x\r\n", b"X: y\r\n"),
        "body": ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", b"x"),
    }
    threads = [threading.Thread(target=drip, args=(name, *kind)) for name, kind in kinds.items()]
    plain = socket.create_connection((HOST, int(PORT)), timeout=40)
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    same(plain.recv(1), b"", "a connection without a TLS handshake")
    assert time.monotonic() - begin < 20, time.monotonic() - begin
    for thread in threads:
        thread.join()
    assert 13 < ends["silent"] < 20 and 13 < ends["head"] < 20 and 28 < ends["body"] < 36, ends


@table(["TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"], lambda version: f"TLS version {version}")
def versions(version):
    context = trust()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    try:
        Wire(context)
        assert version in ("TLSv1_2", "TLSv1_3"), "was accepted"
    except ssl.SSLError:
        assert version in ("TLSv1", "TLSv1_1"), "was refused"


def suites():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:@SECLEVEL=0")
    return sorted({cipher["name"] for cipher in context.get_ciphers() if cipher["protocol"] != "TLSv1.3"})


@case
def no_suite_without_forward_secrecy_and_authenticated_encryption():
    taken = []
    for suite in suites():
        context = trust()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(suite + ":@SECLEVEL=0")
        try:
            Wire(context)
            taken.append(suite)
        except ssl.SSLError:
            pass
    assert taken and all(suite.startswith("ECDHE-") and ("GCM" in suite or "CHACHA20" in suite) for suite in taken), taken


main()
