import Testing

@Suite struct SecretModelPlaceholder {
    @Test func builds() {}
}
