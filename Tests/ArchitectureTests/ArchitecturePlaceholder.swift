import Testing

@Suite struct ArchitecturePlaceholder {
    @Test func builds() {}
}
