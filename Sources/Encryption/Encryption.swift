enum EncryptionPlaceholder {}
