import Access
import Testing

/// Requests signed by botocore 1.43.11 (`SigV4Auth`) on 2026-11-21T12:00:00Z for eu-central-1, with the key that AWS's documentation uses.
struct BotocoreVector: Sendable, CustomTestStringConvertible {
    let name: String
    let request: SignableRequest

    var testDescription: String { self.name }

    static let accessKeyID = "AKIAIOSFODNN7EXAMPLE"
    static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

    static let all: [BotocoreVector] = [
        BotocoreVector(
            name: "get secret value",
            request: SignableRequest(
                method: "POST",
                path: "/",
                query: "",
                headers: [
                    .init("Host", "localhost:8443"),
                    .init("Content-Type", "application/x-amz-json-1.1"),
                    .init("X-Amz-Target", "secretsmanager.GetSecretValue"),
                    .init("X-Amz-Date", "20261121T120000Z"),
                    .init(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-central-1/secretsmanager/aws4_request, "
                            + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
                            + "Signature=9544defe9b865b7cb530721aef37e62fb3cd7f52c7b4ea4d473224dacd54c4b1"
                    ),
                ],
                body: Array("{\"SecretId\":\"prod/db/app\"}".utf8)
            )
        ),
        BotocoreVector(
            name: "default port, empty body",
            request: SignableRequest(
                method: "POST",
                path: "/",
                query: "",
                headers: [
                    .init("Host", "secrets.example.com"),
                    .init("X-Amz-Target", "secretsmanager.ListSecrets"),
                    .init("X-Amz-Date", "20261121T120000Z"),
                    .init(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-central-1/secretsmanager/aws4_request, "
                            + "SignedHeaders=host;x-amz-date;x-amz-target, "
                            + "Signature=d8c47327e9d7a6656708ecae28f542d55883bfe0c3f4d90d82e40306edece809"
                    ),
                ],
                body: Array("".utf8)
            )
        ),
        BotocoreVector(
            name: "blanks in header values",
            request: SignableRequest(
                method: "POST",
                path: "/",
                query: "",
                headers: [
                    .init("Host", "127.0.0.1:8080"),
                    .init("X-Amz-User-Agent", "  aws-sdk   js/3.0  "),
                    .init("X-Amz-Target", "secretsmanager.ListSecrets"),
                    .init("X-Amz-Date", "20261121T120000Z"),
                    .init(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-central-1/secretsmanager/aws4_request, "
                            + "SignedHeaders=host;x-amz-date;x-amz-target;x-amz-user-agent, "
                            + "Signature=36cb6b4ab0dc6732bd61a4f3ed7fac5e8e92df328bcbfda36b194feb7264d0b1"
                    ),
                ],
                body: Array("{}".utf8)
            )
        ),
        BotocoreVector(
            name: "query",
            request: SignableRequest(
                method: "GET",
                path: "/",
                query: "b=2&a=x%20y&a=1&c=",
                headers: [
                    .init("Host", "127.0.0.1:8080"),
                    .init("X-Amz-Date", "20261121T120000Z"),
                    .init(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-central-1/secretsmanager/aws4_request, "
                            + "SignedHeaders=host;x-amz-date, "
                            + "Signature=2791698e111f17a77ef1a3302f0b198ea16457e6a5946d32e7e9b586894c1eb5"
                    ),
                ],
                body: Array("".utf8)
            )
        ),
        BotocoreVector(
            name: "path with encoded bytes",
            request: SignableRequest(
                method: "GET",
                path: "/a%20b//c/../d~e/",
                query: "",
                headers: [
                    .init("Host", "127.0.0.1:8080"),
                    .init("X-Amz-Date", "20261121T120000Z"),
                    .init(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-central-1/secretsmanager/aws4_request, "
                            + "SignedHeaders=host;x-amz-date, "
                            + "Signature=2476c8d4240744e9e5c9bfaf446d9a47a8e7478d0dad343d8eff12972b0c1b50"
                    ),
                ],
                body: Array("".utf8)
            )
        ),
        BotocoreVector(
            name: "content hash",
            request: SignableRequest(
                method: "POST",
                path: "/",
                query: "",
                headers: [
                    .init("Host", "localhost:8443"),
                    .init("X-Amz-Content-SHA256", "b3a092a6af48807fa9482b2ee140105575daa26d5b24b3c0e60a7e2dee6683b1"),
                    .init("X-Amz-Target", "secretsmanager.PutSecretValue"),
                    .init("X-Amz-Date", "20261121T120000Z"),
                    .init(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-central-1/secretsmanager/aws4_request, "
                            + "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-target, "
                            + "Signature=b0d08b4177eacd16ad4b724552085254699a78c9435a69f9c97909327e1ed8b8"
                    ),
                ],
                body: Array("{\"a\":\"é\"}".utf8)
            )
        ),
    ]
}
