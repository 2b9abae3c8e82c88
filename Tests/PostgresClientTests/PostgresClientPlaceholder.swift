import Testing

@Suite struct PostgresClientPlaceholder {
    @Test func builds() {}
}
