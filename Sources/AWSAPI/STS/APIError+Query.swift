extension APIError {
    /// The same refusal in the words of the query protocol, which calls some things differently and tells them by status.
    var inQueryWords: APIError {
        let (code, status): (String, Int) =
            switch self.code {
            case Code.validation.rawValue, Code.serialization.rawValue: ("ValidationError", 400)
            case Code.unknownOperation.rawValue: ("InvalidAction", 400)
            case Code.accessDenied.rawValue: ("AccessDenied", 403)
            case Code.internalService.rawValue: ("InternalFailure", 500)
            case "MissingAuthenticationTokenException": ("MissingAuthenticationToken", 403)
            case "IncompleteSignatureException": ("IncompleteSignature", 403)
            case "UnrecognizedClientException": ("InvalidClientTokenId", 403)
            case "InvalidSignatureException": ("SignatureDoesNotMatch", 403)
            case "ExpiredTokenException": ("ExpiredToken", 403)
            default: (self.code, self.status)
            }
        return APIError(code: code, message: self.message, status: status)
    }
}
