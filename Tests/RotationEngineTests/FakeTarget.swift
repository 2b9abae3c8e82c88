import NIOConcurrencyHelpers

/// A server with accounts and passwords, modelled as a rotator meets it: it can be silent, lose an answer before or after it has done
/// what was asked, and refuse a password for policy.
final class FakeTarget: Sendable {
    enum Fault: Sendable {
        case unreachable
        /// The change is not made, and the caller does not learn that.
        case lostBefore
        /// The change is made, and the caller does not learn that.
        case lostAfter
        case policy
        case denied
        /// Never answers: waits until it is cancelled.
        case hang
    }

    struct State: Sendable {
        var passwords: Set<String>
        var isDown = false
        var isLocked = false
        var acceptsAnything = false
        /// The faults of the next changes, in order.
        var faults: [Fault] = []
        /// Passwords that the policy refuses.
        var weak: Set<String> = []
        var adminPassword = "root"
        /// What was asked, in order: `login accepted`, `set`, …
        var log: [String] = []
        var changes = 0
    }

    let state: NIOLockedValueBox<State>

    init(password: String) {
        self.state = NIOLockedValueBox(State(passwords: [password]))
    }

    func edit(_ change: (inout State) -> Void) { self.state.withLockedValue { change(&$0) } }

    func accepts(_ password: String?) -> Bool {
        self.state.withLockedValue { state in state.acceptsAnything || password.map { state.passwords.contains($0) } ?? false }
    }

    var log: [String] { self.state.withLockedValue { $0.log } }
    var changes: Int { self.state.withLockedValue { $0.changes } }
}
