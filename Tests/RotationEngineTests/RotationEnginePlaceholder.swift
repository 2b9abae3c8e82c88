import Testing

@Suite struct RotationEnginePlaceholder {
    @Test func builds() {}
}
