package import SecretModel

/// Why a request is not authenticated. `code` and `message` are what AWS answers (`aws-api.md` §2); no case holds a signature or a secret.
package enum SignatureError: Error, Hashable, Sendable {
    case noAuthorization
    /// Signed in the query, which this service does not take.
    case presigned
    /// The `Authorization` header, or what it needs, is there in part only.
    case incomplete([Missing])
    /// The credential does not have five parts.
    case malformedCredential
    case invalidDate(String)
    case scopeDate(scope: String, request: String)
    case scopeRegion
    case scopeService(expected: String)
    case scopeTerminator
    case unsignedHeader(String)
    case expired(sent: Timestamp, now: Timestamp)
    case notYetCurrent(sent: Timestamp, now: Timestamp)
    /// Unknown or inactive access key, or a session token that this server did not give.
    case unknownAccessKey
    /// The session is over.
    case expiredToken
    case payloadHash
    /// A body in signed pieces (`STREAMING-…`, `aws-chunked`), which this service does not take.
    case streamedPayload(String)
    case mismatch

    package enum Missing: String, Hashable, Sendable {
        case algorithm, credential, signature, signedHeaders, date
    }

    /// How far the client's clock may be off.
    package static let tolerance: Duration = .minutes(5)
}

extension SignatureError {
    /// The AWS error code.
    package var code: String {
        switch self {
        case .noAuthorization: "MissingAuthenticationTokenException"
        case .presigned, .incomplete, .malformedCredential, .invalidDate: "IncompleteSignatureException"
        case .unknownAccessKey: "UnrecognizedClientException"
        case .expiredToken: "ExpiredTokenException"
        case .scopeDate, .scopeRegion, .scopeService, .scopeTerminator, .unsignedHeader, .expired, .notYetCurrent, .payloadHash,
            .streamedPayload, .mismatch:
            "InvalidSignatureException"
        }
    }

    package var message: String {
        switch self {
        case .noAuthorization:
            "Missing Authentication Token"
        case .presigned:
            "Presigned requests are not supported: sign with the 'Authorization' header."
        case .incomplete(let parts):
            parts.map(\.sentence).joined(separator: " ")
        case .malformedCredential:
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
        case .invalidDate(let header):
            "Date in '\(header)' header must be in the form yyyyMMddTHHmmssZ."
        case .scopeDate(let scope, let request):
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '\(scope)' != '\(request)'."
        case .scopeRegion:
            "Credential should be scoped to a valid region."
        case .scopeService(let expected):
            "Credential should be scoped to correct service: '\(expected)'."
        case .scopeTerminator:
            "Credential should be scoped with a valid terminator: '\(CredentialScope.terminator)'."
        case .unsignedHeader(let name):
            "'\(name)' must be a 'SignedHeader' in the AWS Authorization."
        case .expired(let sent, let now):
            "Signature expired: \(sent.amzDate) is now earlier than \((now - Self.tolerance).amzDate) (\(now.amzDate) - 5 min.)"
        case .notYetCurrent(let sent, let now):
            "Signature not yet current: \(sent.amzDate) is still later than \((now + Self.tolerance).amzDate) (\(now.amzDate) + 5 min.)"
        case .unknownAccessKey:
            "The security token included in the request is invalid."
        case .expiredToken:
            "The security token included in the request is expired"
        case .payloadHash:
            "The provided 'x-amz-content-sha256' header does not match what was computed."
        case .streamedPayload(let form):
            "The payload form '\(form)' is not supported: 'x-amz-content-sha256' must be the SHA-256 of the whole body."
        case .mismatch:
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
                + "and signing method. Consult the service documentation for details."
        }
    }
}

extension SignatureError.Missing {
    fileprivate var sentence: String {
        switch self {
        case .algorithm: "Authorization header requires the '\(Signature.algorithm)' algorithm."
        case .credential: "Authorization header requires 'Credential' parameter."
        case .signature: "Authorization header requires 'Signature' parameter."
        case .signedHeaders: "Authorization header requires 'SignedHeaders' parameter."
        case .date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        }
    }
}
