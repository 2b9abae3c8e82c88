/// Reads one line of MariaDB's SHOW GRANTS.
struct GrantParser {
    /// A line that does not have the form of a grant. Carries no text of it: the line of USAGE has the password's hash.
    struct Unreadable: Error {}

    private var tokens: ArraySlice<GrantToken>

    /// - Parameter line: Its pieces; `nil` where it could not be split.
    /// - Returns: The rights that the line gives; empty for USAGE and for the line of the default role.
    static func rights(in line: [GrantToken]?) throws(Unreadable) -> Set<Right> {
        guard let tokens = line else { throw Unreadable() }
        var parser = GrantParser(tokens: tokens[...])
        return try parser.line()
    }

    private mutating func line() throws(Unreadable) -> Set<Right> {
        if self.take(word: "SET") { return [] }
        try self.expect(word: "GRANT")
        if self.take(word: "PROXY") { return try self.proxy() }
        if case .name(let role)? = self.tokens.first {
            self.tokens = self.tokens.dropFirst()
            try self.expect(word: "TO")
            return [.role(role, isAdmin: self.tailHas(["WITH", "ADMIN", "OPTION"]))]
        }
        return try self.privileges()
    }

    private mutating func proxy() throws(Unreadable) -> Set<Right> {
        try self.expect(word: "ON")
        let name = try self.account()
        try self.expect(word: "TO")
        try self.skipGrantee()
        return [.proxy(name, canGrant: self.tailHas(["WITH", "GRANT", "OPTION"]))]
    }

    private mutating func privileges() throws(Unreadable) -> Set<Right> {
        var privileges: [(name: String, columns: [String?])] = []
        repeat {
            var words: [String] = []
            while case .word(let word)? = self.tokens.first, word != "ON" {
                words.append(word)
                self.tokens = self.tokens.dropFirst()
            }
            guard !words.isEmpty else { throw Unreadable() }
            privileges.append((words.joined(separator: " "), try self.columns()))
        } while self.take(symbol: ",")
        try self.expect(word: "ON")
        let object = try self.object()
        try self.expect(word: "TO")
        try self.skipGrantee()
        var rights: Set<Right> = []
        for privilege in privileges where privilege.name != "USAGE" {
            for column in privilege.columns { rights.insert(.privilege(privilege.name, column: column, on: object)) }
        }
        if self.tailHas(["GRANT", "OPTION"]) { rights.insert(.grantOption(on: object)) }
        return rights
    }

    /// The columns in parentheses, or one `nil` for the whole object.
    private mutating func columns() throws(Unreadable) -> [String?] {
        guard self.take(symbol: "(") else { return [nil] }
        var columns: [String?] = []
        repeat { columns.append(try self.name()) } while self.take(symbol: ",")
        guard self.take(symbol: ")") else { throw Unreadable() }
        return columns
    }

    private mutating func object() throws(Unreadable) -> GrantObject {
        var kind: [String] = []
        while case .word(let word)? = self.tokens.first {
            kind.append(word)
            self.tokens = self.tokens.dropFirst()
        }
        let database = try self.part()
        guard self.take(symbol: ".") else { throw Unreadable() }
        let name = try self.part()
        return GrantObject(kind: kind.isEmpty ? "TABLE" : kind.joined(separator: " "), database: database, name: name)
    }

    private mutating func part() throws(Unreadable) -> String? {
        self.take(symbol: "*") ? nil : try self.name()
    }

    private mutating func account() throws(Unreadable) -> AccountName {
        let user = try self.name()
        guard self.take(symbol: "@") else { throw Unreadable() }
        return AccountName(user: user, host: try self.name())
    }

    /// An account, or a role, which has no host.
    private mutating func skipGrantee() throws(Unreadable) {
        _ = try self.name()
        if self.take(symbol: "@") { _ = try self.name() }
    }

    private mutating func name() throws(Unreadable) -> String {
        switch self.tokens.popFirst() {
        case .name(let name), .text(let name): return name
        default: throw Unreadable()
        }
    }

    private mutating func take(word: String) -> Bool { self.take(.word(word)) }

    private mutating func take(symbol: Character) -> Bool { self.take(.symbol(symbol)) }

    private mutating func take(_ token: GrantToken) -> Bool {
        guard self.tokens.first == token else { return false }
        self.tokens = self.tokens.dropFirst()
        return true
    }

    private mutating func expect(word: String) throws(Unreadable) {
        guard self.take(word: word) else { throw Unreadable() }
    }

    /// Whether these words follow one another in what is left of the line.
    private func tailHas(_ words: [String]) -> Bool {
        let wanted = words.map { GrantToken.word($0) }
        return self.tokens.indices.contains { self.tokens[$0...].starts(with: wanted) }
    }
}
