package import RotationEngine
package import Secrets

/// The operations of Secrets Manager, for the router.
package enum SecretsManagerOperations {
    /// Those on secrets, which need no rotation engine.
    package static func onSecrets(_ secrets: SecretService) -> [any APIOperation] {
        [
            CreateSecret(secrets: secrets), PutSecretValue(secrets: secrets), UpdateSecret(secrets: secrets),
            GetSecretValue(secrets: secrets), BatchGetSecretValue(secrets: secrets), DescribeSecret(secrets: secrets),
            ListSecrets(secrets: secrets), ListSecretVersionIds(secrets: secrets), DeleteSecret(secrets: secrets),
            RestoreSecret(secrets: secrets), TagResource(secrets: secrets), UntagResource(secrets: secrets),
            PutResourcePolicy(secrets: secrets), GetResourcePolicy(secrets: secrets), DeleteResourcePolicy(secrets: secrets),
            ValidateResourcePolicy(secrets: secrets),
            UpdateSecretVersionStage(secrets: secrets), ReplicateSecretToRegions(secrets: secrets),
            RemoveRegionsFromReplication(secrets: secrets), StopReplicationToReplica(secrets: secrets), GetRandomPassword(secrets: secrets),
        ]
    }

    package static func onRotation(_ rotation: RotationRequests) -> [any APIOperation] {
        [RotateSecret(rotation: rotation), CancelRotateSecret(rotation: rotation)]
    }
}
