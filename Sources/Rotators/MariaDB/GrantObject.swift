import MariaDBClient

/// What a privilege is on: everything, a database (pattern), a table, or a routine.
struct GrantObject: Hashable, Sendable, CustomStringConvertible {
    /// `TABLE`, `PROCEDURE`, `FUNCTION`, `PACKAGE` or `PACKAGE BODY`.
    let kind: String
    /// `nil` is `*`.
    let database: String?
    /// `nil` is `*`.
    let name: String?

    static let everything = GrantObject(kind: "TABLE", database: nil, name: nil)

    /// As it stands behind ON.
    var sql: String {
        let kind = self.kind == "TABLE" ? "" : self.kind + " "
        return "\(kind)\(Self.part(self.database)).\(Self.part(self.name))"
    }

    var description: String { self.sql }

    private static func part(_ name: String?) -> String { name.map { SQLText.identifier($0) } ?? "*" }
}
