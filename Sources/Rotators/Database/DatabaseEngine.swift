/// A family of database engines that one rotator serves.
package enum DatabaseEngine: String, Hashable, Sendable, CaseIterable {
    case postgres, mariadb, mysql

    /// The spellings of a secret's `engine` member, compared without regard to ASCII case: those of AWS's rotation functions and
    /// `postgresql`.
    package var spellings: [String] {
        switch self {
        case .postgres: ["postgres", "postgresql", "aurora-postgresql"]
        case .mariadb: ["mariadb"]
        case .mysql: ["mysql", "aurora-mysql"]
        }
    }

    package var defaultPort: Int {
        switch self {
        case .postgres: 5432
        case .mariadb, .mysql: 3306
        }
    }

    /// - Returns: `nil` unless `text` is one of the spellings.
    package init?(spelling text: String) {
        let folded = Array(text.utf8).map { (65...90).contains($0) ? $0 + 32 : $0 }
        guard let engine = Self.allCases.first(where: { $0.spellings.contains { $0.utf8.elementsEqual(folded) } }) else { return nil }
        self = engine
    }
}
