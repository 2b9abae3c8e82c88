import TestSupport
import Testing

@Suite("The tests' own PostgreSQL server")
struct PostgresServerTests {
    @Test("One shared server answers every test, each in a database of its own")
    func shared() async throws {
        let server = try await PostgresServer.shared()
        let database = try await server.makeDatabase()
        #expect(try await server.sql("SELECT current_database()", database: database) == database)
        #expect(try server.log().contains("SELECT current_database()"))
    }

    @Test("A server of its own can be stopped and resumed with its data")
    func restart() async throws {
        let server = try await PostgresServer.start()
        try await server.sql("CREATE TABLE kept (n int)")
        try await server.stop()
        await #expect(throws: FixtureError.self) { try await server.sql("SELECT 1") }
        try await server.resume()
        #expect(try await server.sql("SELECT count(*) FROM kept") == "0")
    }
}
