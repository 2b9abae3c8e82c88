import Testing

@Suite struct AlertingPlaceholder {
    @Test func builds() {}
}
