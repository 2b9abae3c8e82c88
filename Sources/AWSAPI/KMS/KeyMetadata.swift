import SecretModel
import Storage

extension JSONValue {
    /// `KeyMetadata` of CreateKey and DescribeKey.
    static func metadata(of key: AccountKeyRecord) -> JSONValue {
        .output(
            ("AWSAccountId", .describing(key.scope.account)),
            ("KeyId", .describing(key.id)),
            ("Arn", .string(key.arn)),
            ("CreationDate", .date(key.createdAt)),
            ("Enabled", .bool(key.state == .enabled)),
            ("Description", .string(key.description)),
            ("KeyUsage", "ENCRYPT_DECRYPT"),
            ("KeyState", .string(key.state.rawValue)),
            ("DeletionDate", key.deletionAt.map(JSONValue.date)),
            ("Origin", "AWS_KMS"),
            ("KeyManager", .string(key.manager.rawValue)),
            ("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"),
            ("KeySpec", "SYMMETRIC_DEFAULT"),
            ("EncryptionAlgorithms", ["SYMMETRIC_DEFAULT"]),
            ("MultiRegion", false)
        )
    }
}
