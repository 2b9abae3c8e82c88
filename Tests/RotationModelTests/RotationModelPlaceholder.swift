import Testing

@Suite struct RotationModelPlaceholder {
    @Test func builds() {}
}
