import Testing

@Suite struct AccessPlaceholder {
    @Test func builds() {}
}
