import MariaDBClient

/// One row of the account table: `user@host`. A user may have several, each with its own password and privileges.
struct AccountName: Hashable, Sendable, Comparable, CustomStringConvertible {
    let user: String
    let host: String

    init(user: String, host: String) {
        self.user = user
        self.host = host
    }

    /// From what `CURRENT_USER()` says. A host has no `@`, a user may.
    init?(currentUser text: String) {
        guard let at = text.lastIndex(of: "@") else { return nil }
        self.init(user: String(text[..<at]), host: String(text[text.index(after: at)...]))
    }

    /// From the beginning of these pieces of a line of SHOW CREATE USER or SHOW GRANTS.
    init?(_ tokens: ArraySlice<GrantToken>) {
        let tokens = Array(tokens.prefix(3))
        guard tokens.count == 3, tokens[1] == .symbol("@"), let user = tokens[0].nameText, let host = tokens[2].nameText else { return nil }
        self.init(user: user, host: host)
    }

    /// The name for a statement: `` `user`@`host` ``.
    var sql: String { SQLText.identifier(self.user) + "@" + SQLText.identifier(self.host) }

    /// An account without a name takes every login that no more specific host takes.
    var isAnonymous: Bool { self.user.isEmpty }

    var description: String { "\(self.isAnonymous ? "''" : self.user)@\(self.host)" }

    static func < (lhs: AccountName, rhs: AccountName) -> Bool { (lhs.user, lhs.host) < (rhs.user, rhs.host) }
}

extension Sequence where Element == AccountName {
    /// The names for a message.
    var phrase: String { self.sorted().map(\.description).joined(separator: ", ") }
}
