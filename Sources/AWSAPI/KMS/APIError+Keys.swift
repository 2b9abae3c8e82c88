import KeyManagement

extension APIError {
    /// KMS's code and text for each refusal; texts that AWS is not known for are ours.
    init(_ error: KeyServiceError) {
        let code: String
        switch error {
        case .noSuchKey, .noSuchAlias, .noSuchPolicy: code = "NotFoundException"
        case .malformedARN, .aliasInsteadOfKey: code = "InvalidArnException"
        case .disabled: code = "DisabledException"
        case .pendingDeletion, .notPendingDeletion: code = "KMSInvalidStateException"
        case .managedByService: code = "UnsupportedOperationException"
        case .invalidAlias: code = "ValidationException"
        case .reservedAlias: code = "NotAuthorizedException"
        case .aliasExists: code = "AlreadyExistsException"
        case .windowOutOfRange: code = "ValidationException"
        case .tooManyRotations, .tooManyTags: code = "LimitExceededException"
        case .invalidGrantToken: code = "InvalidGrantTokenException"
        case .malformedPolicy, .policyLocksOut, .unknownPrincipal: code = "MalformedPolicyDocumentException"
        case .reservedTagKey, .duplicateTagKey: code = "TagException"
        case .invalidCiphertext: code = "InvalidCiphertextException"
        case .incorrectKey: code = "IncorrectKeyException"
        case .ciphertextOfUnknownKey, .notForAccount, .accessDenied: code = "AccessDeniedException"
        case .encryption, .store, .unexpected:
            self.init(internal: error.description, code: "KMSInternalException")
            return
        }
        self.init(code: code, message: error.description)
    }

    /// What becomes of a secret whose key cannot be used. The reason is told: without it nobody would know which key to enable.
    init(_ error: KeyUseError) {
        switch error {
        case .cannotEncrypt(let cause):
            self.init(
                .encryptionFailure,
                "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available,"
                    + " enabled, and not in an invalid state. Reason: \(cause)"
            )
        case .cannotDecrypt(let cause):
            self.init(
                .decryptionFailure,
                "Secrets Manager can't decrypt the protected secret text using the provided KMS key. Reason: \(cause)"
            )
        }
    }

    /// KMS has not this way of using a key.
    static func unsupportedKey(_ message: String) -> APIError { APIError(code: "UnsupportedOperationException", message: message) }
}
