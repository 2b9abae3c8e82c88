package import KeyManagement

/// The operations of KMS, for the router: targets `TrentService.…`.
package enum KeyOperations {
    package static func all(_ keys: KeyService) -> [any APIOperation] {
        [
            CreateKey(keys: keys), DescribeKey(keys: keys), ListKeys(keys: keys), UpdateKeyDescription(keys: keys),
            EnableKey(keys: keys), DisableKey(keys: keys), ScheduleKeyDeletion(keys: keys), CancelKeyDeletion(keys: keys),
            CreateAlias(keys: keys), UpdateAlias(keys: keys), DeleteAlias(keys: keys), ListAliases(keys: keys),
            EnableKeyRotation(keys: keys), DisableKeyRotation(keys: keys), GetKeyRotationStatus(keys: keys),
            RotateKeyOnDemand(keys: keys), ListKeyRotations(keys: keys),
            PutKeyPolicy(keys: keys), GetKeyPolicy(keys: keys), ListKeyPolicies(keys: keys),
            TagKey(keys: keys), UntagKey(keys: keys), ListResourceTags(keys: keys),
            Encrypt(keys: keys), Decrypt(keys: keys), ReEncrypt(keys: keys),
            GenerateDataKey(keys: keys), GenerateDataKeyWithoutPlaintext(keys: keys), GenerateRandom(keys: keys),
        ]
    }
}
