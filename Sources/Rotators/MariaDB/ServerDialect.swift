/// The two families of servers that speak this protocol.
enum ServerDialect: Hashable, Sendable {
    case mariaDB, mySQL

    /// From what the server calls its version: only MariaDB's says so.
    init(_ version: String) {
        // By bytes: `contains` compares by canonical equivalence, which costs as much as a question to a server nearby.
        let (bytes, name) = (Array(version.utf8), Array("MariaDB".utf8))
        self = bytes.indices.contains { bytes[$0...].starts(with: name) } ? .mariaDB : .mySQL
    }
}
