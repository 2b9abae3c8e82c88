import Access
import Encryption
import SecretModel
import Secrets
import Storage

extension APIError {
    package static let noSuchSecret = APIError(.resourceNotFound, "Secrets Manager can't find the specified secret.")

    static let markedForDeletion = APIError(
        .invalidRequest,
        "You can't perform this operation on the secret because it was marked for deletion."
    )

    static let replicaIsReadOnly = APIError(
        .invalidParameter,
        "Operation not permitted on a replica secret. Call must be made in primary secret's region."
    )

    static func tokenInUse(_ token: VersionID, _ secret: SecretARN) -> APIError {
        APIError(
            .resourceExists,
            "You can't use ClientRequestToken \(token) because that value is already in use for a version of secret \(secret)."
        )
    }

    /// AWS's code and text for each refusal (`aws-api.md` §5 and §6); texts that AWS is not known for are ours.
    init(_ error: SecretServiceError) {
        switch error {
        case .noSuchSecret: self = .noSuchSecret
        case .markedForDeletion: self = .markedForDeletion
        case .nameExists(let name):
            self.init(.resourceExists, "The operation failed because the secret \(name) already exists.")
        case .nameScheduledForDeletion:
            self.init(
                .invalidRequest,
                "You can't create this secret because a secret with this name is already scheduled for deletion."
            )
        case .tokenInUse(let token, let secret): self = .tokenInUse(token, secret)
        case .noValueAt(let label):
            self.init(.resourceNotFound, "Secrets Manager can't find the specified secret value for staging label: \(label)")
        case .noValueIn(let version):
            self.init(.resourceNotFound, "Secrets Manager can't find the specified secret value for VersionId: \(version)")
        case .labelNotOnVersion:
            self.init(.invalidRequest, "You provided a VersionStage that is not associated to the provided VersionId.")
        case .tooManyLabels(let limit):
            self.init(.limitExceeded, "A secret can have at most \(limit) staging labels.")
        case .labelHolderNotNamed(let label, let holder):
            self.init(
                .invalidParameter,
                "The parameter RemoveFromVersionId can't be empty. Staging label \(label) is currently attached to version \(holder),"
                    + " so you must explicitly reference that version in RemoveFromVersionId."
            )
        case .labelHolderDiffers(let label):
            self.init(
                .invalidParameter,
                "When you move staging label \(label), if you specify RemoveFromVersionId, it must be set to the version that currently"
                    + " has the staging label \(label)."
            )
        case .currentCannotBeRemoved:
            self.init(
                .invalidParameter,
                "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."
            )
        case .nothingToMove:
            self.init(.invalidParameter, "You must specify RemoveFromVersionId, MoveToVersionId or both.")
        case .unknownVersion(let version): self.init(.invalidParameter, "Not a valid version: \(version)")
        case .reservedTagKey(let key):
            self.init(.invalidParameter, "The tag key \(key) starts with aws:, which is reserved.")
        case .duplicateTagKey(let key): self.init(.invalidParameter, "The tag key \(key) is given more than once.")
        case .tooManyTags(let limit): self.init(.limitExceeded, "A secret can have at most \(limit) tags.")
        case .replicaIsReadOnly: self = .replicaIsReadOnly
        case .replicaInOwnRegion: self.init(.invalidParameter, "Invalid replica region.")
        case .duplicateReplicaRegion(let region):
            self.init(.invalidParameter, "The replica region \(region) is given more than once.")
        case .notAReplica:
            self.init(.invalidRequest, "The secret is not a replica. Call StopReplicationToReplica in the replica's region.")
        case .hasReplicas(let reference, let regions):
            let list = regions.map(\.description).joined(separator: ",")
            self.init(.invalidParameter, "You can't delete secret \(reference) that still has replica regions [\(list)]")
        case .recoveryWindowOutOfRange:
            self.init(.invalidParameter, "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
        case .recoveryWindowWithForce:
            self.init(.invalidParameter, "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
        case .malformedPolicy(let error): self.init(.malformedPolicyDocument, error.awsMessage)
        case .unknownPrincipal: self.init(.malformedPolicyDocument, PolicySyntaxError.unsupportedPrincipal)
        case .accessDenied(let denial): self.init(.accessDenied, denial.message)
        case .keyAccessDenied: self.init(.accessDenied, "Access to KMS is not allowed")
        case .defaultKeyAcrossAccounts:
            self.init(
                .invalidRequest,
                "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key."
            )
        case .publicPolicy:
            self.init(.publicPolicy, "The resource policy grants access to everybody, which BlockPublicPolicy forbids.")
        case .password(.tooShort):
            self.init(.invalidParameter, "Password length is too short based on the required types.")
        case .password(let error): self.init(.invalidParameter, error.description)
        case .key(let error): self.init(error)
        case .encryption(let error): self.init(error)
        case .store(let error): self.init(error)
        case .unexpected(let cause): self.init(internal: cause)
        }
    }

    init(_ error: EncryptionError) {
        self.init(
            .decryptionFailure,
            "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
            cause: String(describing: error)
        )
    }

    init(_ error: StoreError) {
        switch error {
        case .nameTaken(let name): self.init(SecretServiceError.nameExists(name))
        case .noSuchSecret: self = .noSuchSecret
        // Whose it is may be none of the caller's business.
        case .accountOwned: self.init(.invalidRequest, "Another secret already rotates this account on this target.")
        default: self.init(internal: String(describing: error))
        }
    }
}

extension PolicySyntaxError {
    static let unsupportedPrincipal = "This resource policy contains an unsupported principal"

    /// AWS's words where they are known, with the place of the mistake where they say less (`aws-api.md` §6.12).
    var awsMessage: String {
        switch self.kind {
        case .version: "This policy has invalid syntax."
        case .principal: Self.unsupportedPrincipal
        case .other: "This policy has invalid syntax. \(self.description)"
        }
    }
}
