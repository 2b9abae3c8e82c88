import RotationModel

/// A database server of a simulated world: what it says is true.
final class SimulatedTarget: Sendable {
    struct Account {
        /// What logs in.
        var passwords: [String]
        /// Whether the last change was ours; else a person's, behind our back.
        var isOurs = true
        /// When a change landed that no caller waited for: a person's, or that of a call which had been given up.
        var foreignChange: Duration?
    }

    /// One outside call that has begun and not ended.
    struct Call {
        let number: Int
        let process: String
        let account: String
        let what: String
    }

    struct State {
        var accounts: [String: Account] = [:]
        var isDown = false
        /// Accepts connections, and never answers.
        var isSilent = false
        var acceptsAnything = false
        var refusesAdmin = false
        var refusesEveryPassword = false
        var weakPasswords: Set<String> = []
        var lockedAccounts: Set<String> = []
        var calls: [Call] = []
    }

    static let adminPassword = "root"

    let name: String
    private let confined = Confined(State())

    init(_ name: String) {
        self.name = name
    }

    var state: State {
        get { self.confined.value }
        set { self.confined.value = newValue }
    }

    func edit(_ change: (inout State) -> Void) { change(&self.confined.value) }

    func accepts(_ credential: Credential?) -> Bool {
        guard let credential else { return false }
        return self.state.acceptsAnything || self.state.accounts[credential.username]?.passwords.contains(credential.password) ?? false
    }

    /// How a login ends; `nil` for accepted.
    func login(_ credential: Credential?) -> RotationFailure? {
        guard let credential else { return RotationFailure(.configInvalid, "there is no such value") }
        if self.state.lockedAccounts.contains(credential.account) { return RotationFailure(.accountLocked, "the account is locked") }
        return self.accepts(credential) ? nil : RotationFailure(.authFailed, "the server refuses the password")
    }

    /// Well again, in every respect.
    func recover() {
        self.edit { state in
            (state.isDown, state.isSilent, state.acceptsAnything) = (false, false, false)
            (state.refusesAdmin, state.refusesEveryPassword) = (false, false)
            state.lockedAccounts = []
            state.weakPasswords = []
        }
    }
}
