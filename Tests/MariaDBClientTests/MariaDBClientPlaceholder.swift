import Testing

@Suite struct MariaDBClientPlaceholder {
    @Test func builds() {}
}
