import Testing

@Suite struct RotatorsPlaceholder {
    @Test func builds() {}
}
