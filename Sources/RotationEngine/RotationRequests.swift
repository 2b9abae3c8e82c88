package import RotationModel
package import SecretModel
package import Storage

/// What callers ask of rotation: RotateSecret, CancelRotateSecret, and Keyturn's own retry, probe and dry run.
/// A refused request changes nothing (I12). None of them waits for a target, except `probe` and `preflight`, which only read.
package struct RotationRequests: Sendable {
    /// Members that are `nil` keep the stored values (`aws-api.md` §6.16).
    package struct Rotate: Sendable {
        package var token: VersionID
        package var lambdaARN: String?
        package var rules: RotationRules?
        /// Keyturn's own settings, from rules files.
        package var settings: RotatorSettingsData?
        package var admin: SecretReference?
        package var isImmediate: Bool
        package var trigger: RotationTrigger

        package init(token: VersionID, isImmediate: Bool = true, trigger: RotationTrigger = .manual) {
            self.token = token
            self.isImmediate = isImmediate
            self.trigger = trigger
        }
    }

    /// Sets rules and starts a run (or, not immediate, the test of the rules). Returns before any step ran.
    package func rotate(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        by caller: AuditActor
    ) async throws(RotationRequestError) -> SecretRecord { fatalError("stub") }

    /// - Returns: The secret and, if a run was in progress, its token.
    package func cancel(
        _ reference: SecretReference,
        in scope: SecretScope,
        by caller: AuditActor
    ) async throws(RotationRequestError) -> (SecretRecord, VersionID?) { fatalError("stub") }

    /// Takes a waiting, failed or parked run up again, now, with the same token and value (I3).
    package func retry(
        _ reference: SecretReference,
        in scope: SecretScope,
        by caller: AuditActor
    ) async throws(RotationRequestError) -> RunRecord { fatalError("stub") }

    /// Changes the rules without starting anything (I5): what `apply` uses.
    package func configure(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        ruleset: String?,
        by caller: AuditActor
    ) async throws(RotationRequestError) -> SecretRecord { fatalError("stub") }
}

/// Who asked, for the audit trail.
package struct AuditActor: Sendable, Hashable {
    package let principal: String
    package let requestID: String

    package init(principal: String, requestID: String) {
        self.principal = principal
        self.requestID = requestID
    }
}

/// Why a request about rotation was refused; the faces have words for each.
package enum RotationRequestError: Error, Sendable {
    case noSuchSecret
    case markedForDeletion
    case noRotator
    /// The rotator does not exist or its file may not be trusted.
    case rotatorNotInvokable(String)
    case previousRotationIncomplete(VersionID)
    case noValue
    case tokenInUse(VersionID, SecretARN)
    case invalidRules(String)
    case adminSecretMissing(String)
    case adminSecretRequired(RotatorName)
    case accountOwned(by: SecretARN)
    case neverConfigured
    case nothingToRetry
    case store(StoreError)
    case encryption(String)
}
