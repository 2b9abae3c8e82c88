/// The two families of servers that speak this protocol.
enum ServerDialect: Hashable, Sendable {
    case mariaDB, mySQL

    /// From what the server calls its version: only MariaDB's says so.
    init(_ version: String) {
        self = version.contains("MariaDB") ? .mariaDB : .mySQL
    }
}
