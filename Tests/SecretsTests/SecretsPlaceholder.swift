import Testing

@Suite struct SecretsPlaceholder {
    @Test func builds() {}
}
