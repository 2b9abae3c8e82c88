import Testing

@Suite struct EncryptionPlaceholder {
    @Test func builds() {}
}
