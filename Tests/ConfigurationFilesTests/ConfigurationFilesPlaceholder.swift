import Testing

@Suite struct ConfigurationFilesPlaceholder {
    @Test func builds() {}
}
