/// An error as a client sees it. Neither code nor message ever holds a secret value (I8).
package struct APIError: Error, Hashable, Sendable {
    /// `__type`, bare: `ResourceNotFoundException`.
    package let code: String
    package var message: String
    /// 400 for every client error, 500 for `InternalServiceError`.
    package let status: Int
    /// Modelled exceptions carry `Message`, front-door errors `message` (`aws-api.md` §1.3).
    package let usesCapitalMessage: Bool
    /// What the log may know and the client may not.
    package let cause: String?

    /// - Parameter cause: For the log only.
    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code.rawValue
        self.message = message
        self.status = code == .internalService ? 500 : 400
        self.usesCapitalMessage = code.isModelled
        self.cause = cause
    }

    /// An error that Secrets Manager's model does not have: of the signature, of the front door, of Keyturn's own operations.
    package init(code: String, message: String, status: Int = 400, usesCapitalMessage: Bool = false) {
        self.code = code
        self.message = message
        self.status = status
        self.usesCapitalMessage = usesCapitalMessage
        self.cause = nil
    }

    /// `InternalServiceError`, 500: the client learns nothing, the log gets `cause`.
    ///
    /// - Parameter code: What the service calls it, if not Secrets Manager.
    package init(internal cause: String, code: String = Code.internalService.rawValue) {
        self.code = code
        self.message = "An error occurred on the server side."
        self.status = 500
        self.usesCapitalMessage = true
        self.cause = cause
    }
}

extension APIError {
    /// The codes that the operations use.
    package enum Code: String, Sendable {
        case resourceNotFound = "ResourceNotFoundException"
        case invalidParameter = "InvalidParameterException"
        case invalidRequest = "InvalidRequestException"
        case resourceExists = "ResourceExistsException"
        case limitExceeded = "LimitExceededException"
        case invalidNextToken = "InvalidNextTokenException"
        case malformedPolicyDocument = "MalformedPolicyDocumentException"
        case publicPolicy = "PublicPolicyException"
        case encryptionFailure = "EncryptionFailure"
        case decryptionFailure = "DecryptionFailure"
        case internalService = "InternalServiceError"
        case validation = "ValidationException"
        case accessDenied = "AccessDeniedException"
        case serialization = "SerializationException"
        case unknownOperation = "UnknownOperationException"

        var isModelled: Bool {
            switch self {
            case .validation, .accessDenied, .serialization, .unknownOperation: false
            default: true
            }
        }
    }
}
