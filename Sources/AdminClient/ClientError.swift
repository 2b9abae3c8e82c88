/// Why a call of the API did not succeed.
package enum ClientError: Error, Hashable, Sendable {
    /// The caller's own settings are incomplete or wrong.
    case settings(String)
    /// Nobody answered at the endpoint.
    case unreachable(endpoint: String, reason: String)
    /// The server refused: AWS's error code and message.
    case refused(code: String, message: String, requestID: String?)
    /// The answer was not what the API promises.
    case unexpectedAnswer(String)

    /// Whether the server did not let the caller in.
    package var isAuthenticationFailure: Bool {
        guard case .refused(let code, _, _) = self else { return false }
        return [
            "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "MissingAuthenticationTokenException",
            "IncompleteSignatureException", "ExpiredTokenException",
        ].contains(code)
    }
}
