import RotationModel
import SecretModel
import Storage

/// What goes wrong in a simulated world, and for how long.
struct SimulatedTroubles: Sendable {
    enum Trouble: CaseIterable, Sendable {
        case down, silent, trust, policy, adminRefused, locked, drift, driftToOld, diskFull, clock, pause, death
    }

    let world: SimulatedWorld

    private var random: SimulationRandom { self.world.random }

    func keepTroubling() async {
        while !self.world.isOver {
            do {
                try await self.world.clock.sleep(self.random.seconds(60...self.world.plan.hoursPerTrouble * 7_200))
            } catch { return }
            guard self.world.troubles else { continue }
            self.bring(self.random.pick(Trouble.allCases))
        }
    }

    private func bring(_ trouble: Trouble) {
        let sick = self.world.targets.filter { !self.world.isHealthy($0) }
        guard let target = sick.randomElement(by: self.random) else { return }
        let truths = self.world.model.inOrder.filter { $0.target === target }
        let hours = self.random.seconds(600...self.random.pick([1_800, 7_200, 40_000]))
        switch trouble {
        case .down: self.make(target, \.isDown, for: hours, "is down")
        case .silent: self.make(target, \.isSilent, for: hours, "is silent")
        case .trust: self.make(target, \.acceptsAnything, for: hours, "accepts anything")
        case .policy: self.make(target, \.refusesEveryPassword, for: hours, "refuses every new password")
        case .adminRefused: self.make(target, \.refusesAdmin, for: hours, "refuses the admin")
        case .locked:
            guard let account = truths.randomElement(by: self.random)?.rotation?.account else { return }
            self.world.note("\(account)@\(target.name) is locked")
            target.edit { _ = $0.lockedAccounts.insert(account) }
            self.world.clock.after(hours) { target.edit { _ = $0.lockedAccounts.remove(account) } }
        case .drift:
            guard let truth = truths.randomElement(by: self.random), let user = truth.rotation?.account else { return }
            self.world.drift(truth, to: self.world.newPassword(), user: user)
        case .driftToOld:
            guard let truth = truths.randomElement(by: self.random) else { return }
            self.world.later(.zero) { await self.world.restoreOld(truth) }
        case .diskFull, .clock, .pause, .death: self.shake(trouble, hours)
        }
    }

    private func make(_ target: SimulatedTarget, _ what: WritableKeyPath<SimulatedTarget.State, Bool>, for span: Duration, _ text: String) {
        self.world.note("\(target.name) \(text) for \(span)")
        target.edit { $0[keyPath: what] = true }
        self.world.clock.after(span) { target.edit { $0[keyPath: what] = false } }
    }

    /// What befalls the daemons themselves. Where a target is to be served in its window whatever happens to others, only short deaths do.
    private func shake(_ trouble: Trouble, _ span: Duration) {
        guard let process = self.world.running.randomElement(by: self.random) else { return }
        if trouble == .death {
            process.dieSoon()
            return
        }
        guard self.world.plan.healthyHosts == 0 else { return }
        switch trouble {
        case .diskFull:
            self.world.note("the disk is full")
            self.world.isDiskFull = true
            self.world.clock.after(min(span, .hours(6))) { self.world.isDiskFull = false }
        case .clock:
            guard !self.world.clock.isWrong else { return }
            let error = self.random.pick([Duration.minutes(3), .hours(1), .hours(-1), .days(1), .days(-3), .days(365), .days(-365)])
            self.world.count(.clockJumps)
            self.world.note("the clock is wrong by \(error)")
            self.world.clock.setWrong(by: error)
            self.world.clock.after(min(span, .hours(8))) { self.world.clock.setWrong(by: .zero) }
        default: process.pauseAtWork(for: self.random.pick([.seconds(5), .seconds(85), .seconds(300), .hours(2)]))
        }
    }
}

extension SimulatedWorld {
    /// Somebody changes a password behind our back.
    func drift(_ truth: SecretTruth, to password: String, user: String) {
        self.note("somebody sets \(user)@\(truth.target.name) to \(password)")
        self.count(.drifts)
        truth.target.edit { state in
            state.accounts[user] = SimulatedTarget.Account(passwords: [password], isOurs: false, foreignChange: self.clock.elapsed)
        }
    }

    /// Somebody restores the target from a backup: an older password of ours is back.
    func restoreOld(_ truth: SecretTruth) async {
        let previous = await self.model.read { try $0.secret(truth.arn)?.labels.holder(of: .previous) } ?? nil
        guard let previous, let old = await self.model.held(truth.arn)[previous] else { return }
        self.count(.driftsToOldValues)
        self.drift(truth, to: old.password, user: old.username)
    }
}
