import TestSupport

/// A strategy and a way through its code, which a proof attacks at every step.
struct KillLeg: Sendable, CustomStringConvertible {
    enum Turn: String, Sendable {
        /// The secret's first rotation: the twin account is not there yet, the account has one password.
        case first
        /// A later one; of a pair it is the original's turn.
        case later
        /// A later one, and the turn of the twin, which is there already.
        case twin
        /// As `later`, and the grace period ends at once: `retire` belongs to it.
        case retiring
    }

    let rotator: String
    let turn: Turn

    init(_ rotator: String, _ turn: Turn) {
        self.rotator = rotator
        self.turn = turn
    }

    var description: String { "\(self.rotator)/\(self.turn)" }

    var isPostgres: Bool { self.rotator.hasPrefix("postgres") }
    var isSingleUser: Bool { self.rotator.hasSuffix("single-user") }
    var isAlternating: Bool { self.rotator.hasSuffix("alternating-users") }

    /// The five built-in strategies, each with the turns that take other ways through the code.
    static let all: [KillLeg] = [
        KillLeg("postgres-single-user", .later),
        KillLeg("postgres-alternating-users", .first),
        KillLeg("postgres-alternating-users", .twin),
        KillLeg("postgres-alternating-users", .later),
        KillLeg("postgres-alternating-users", .retiring),
        KillLeg("mariadb-single-user", .later),
        KillLeg("mariadb-overlapping", .first),
        KillLeg("mariadb-overlapping", .later),
        KillLeg("mariadb-overlapping", .retiring),
        KillLeg("mariadb-alternating-users", .first),
        KillLeg("mariadb-alternating-users", .twin),
        KillLeg("mariadb-alternating-users", .later),
        KillLeg("mariadb-alternating-users", .retiring),
    ]
}
