import MariaDBClient
import RotationModel

/// What the twin's rows lack, and have too much, compared with the original's: read from the server each time.
struct TwinParity: Sendable {
    /// One row of the original and the state of its counterpart.
    struct Pair: Sendable {
        let original: AccountRow
        let target: AccountName
        /// `nil` where the twin has no row for this host.
        let twin: AccountRow?
        let originalRights: Set<Right>
        let twinRights: Set<Right>

        var difference: GrantDifference { GrantDifference(from: self.twinRights, to: self.originalRights) }
        var hasSameAttributes: Bool { self.twin?.attributes == self.original.attributes }
        var hasSameDefaultRole: Bool { self.twin?.defaultRole == self.original.defaultRole }

        /// Differences in words; empty when the twin may stand in for the original.
        var problems: [String] {
            guard self.twin != nil else { return ["\(self.target) does not exist"] }
            var problems = self.difference.missing.map { "\(self.target) lacks \($0)" }.sorted()
            problems += self.difference.extra.map { "\(self.target) has \($0), which \(self.original.name) has not" }.sorted()
            if !self.hasSameAttributes {
                problems.append("\(self.target) has other limits, TLS or password lifetime than \(self.original.name)")
            }
            if !self.hasSameDefaultRole { problems.append("\(self.target) has another default role than \(self.original.name)") }
            return problems
        }
    }

    let names: TwinNames
    let pairs: [Pair]
    /// Rows of the twin for hosts that the original does not have.
    let strays: [AccountRow]

    init(of names: TwinNames, on connection: borrowing MariaDBConnection) throws {
        self.names = names
        let twins = try connection.accountRows(of: names.twin)
        var pairs: [Pair] = []
        for original in try connection.accountRows(of: names.original) {
            let target = AccountName(user: names.twin, host: original.name.host)
            let twin = twins.first { $0.name == target }
            pairs.append(
                Pair(
                    original: original,
                    target: target,
                    twin: twin,
                    originalRights: try connection.rights(of: original.name),
                    twinRights: twin == nil ? [] : try connection.rights(of: target)
                )
            )
        }
        self.pairs = pairs
        self.strays = twins.filter { twin in !pairs.contains { $0.target == twin.name } }
        guard !pairs.isEmpty else {
            throw RotationFailure(
                .notFound,
                "the server has no account of the user \(names.original), after which \(names.twin) is made",
                hint: "create it, or name the pair with the option `users`",
                isRetryable: false
            )
        }
    }

    var problems: [String] {
        self.pairs.flatMap(\.problems)
            + self.strays.filter { !$0.isLocked }.map { "\($0.name) has no counterpart of \(self.names.original)" }
    }
}
