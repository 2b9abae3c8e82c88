import Testing

@Suite struct AWSAPIPlaceholder {
    @Test func builds() {}
}
