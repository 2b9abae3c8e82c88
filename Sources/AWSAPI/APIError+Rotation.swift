import RotationEngine

extension APIError {
    /// AWS's code and text for each refusal (`aws-api.md` §6.16); texts that AWS is not known for are ours.
    init(_ error: RotationRequestError) {
        switch error {
        case .noSuchSecret: self = .noSuchSecret
        case .markedForDeletion: self = .markedForDeletion
        case .replicaIsReadOnly: self = .replicaIsReadOnly
        case .noRotator:
            self.init(.invalidRequest, "No Lambda rotation function ARN is associated with this secret.")
        case .rotatorNotInvokable(let reason):
            self.init(
                .accessDenied,
                "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the"
                    + " principal secretsmanager.amazonaws.com.",
                cause: reason
            )
        case .previousRotationIncomplete:
            self.init(.invalidRequest, "A previous rotation isn't complete. That rotation will be reattempted.")
        case .noValue: self.init(.invalidRequest, "You can't rotate a secret that has no value.")
        case .tokenInUse(let token, let secret): self = .tokenInUse(token, secret)
        case .invalidRules(let reason): self.init(.invalidParameter, reason)
        case .adminSecretMissing(let reference):
            self.init(.invalidRequest, "The admin secret \(reference) does not exist, or has no value.")
        case .adminSecretRequired(let rotator):
            self.init(.invalidRequest, "The rotator \(rotator) needs an admin secret: name it in the secret's masterarn.")
        case .accountOwned(let owner):
            let name = owner.map { "The secret \($0)" } ?? "Another secret"
            self.init(.invalidRequest, "\(name) already rotates this account on this target.")
        case .refused(let error): self.init(error)
        case .neverConfigured: self.init(.invalidRequest, "Rotation was never configured for this secret.")
        case .nothingToRetry: self.init(.invalidRequest, "There is no unfinished rotation to try again.")
        case .store(let error): self.init(error)
        case .key(let error): self.init(error)
        case .encryption(let cause): self.init(internal: cause)
        }
    }
}
