import RotationModel
import SecretModel
import Storage

/// The end of all troubles: then every secret must rotate by itself, but for what only a person can mend.
struct SimulatedCalm: Sendable {
    let world: SimulatedWorld

    private var model: SimulationModel { self.world.model }

    func come() async {
        self.world.note("calm")
        let start = self.world.clock.truth
        self.world.troubles = false
        self.world.isDiskFull = false
        self.world.clock.setWrong(by: .zero)
        for target in self.world.targets { target.recover() }
        // Pauses end, dead daemons start, troubles that had an end of their own have come to it.
        await Simulation.pass(.hours(14), in: self.world)
        for target in self.world.targets { target.recover() }
        for round in 0..<3 {
            for truth in self.model.inOrder { await self.mend(truth, isLast: round == 2) }
            await Simulation.pass(.hours(3), in: self.world)
        }
        // The rest is waiting for the schedules: no longer than it takes.
        let limit = self.world.clock.elapsed + .hours(50)
        while self.world.clock.elapsed < limit, !self.model.hasViolations, !self.haveRotated(since: start) {
            await Simulation.pass(.hours(2), in: self.world)
        }
        await self.check()
    }

    private func haveRotated(since start: Timestamp) -> Bool {
        self.model.inOrder.allSatisfy { truth in truth.rotatedAt.map { $0 >= start } ?? false }
    }

    /// What a person does who has read the alerts.
    private func mend(_ truth: SecretTruth, isLast: Bool) async {
        let people = SimulatedPeople(world: self.world)
        guard let process = self.world.running.first, let (secret, run) = await self.stored(truth.arn) else { return }
        let held = await self.model.held(truth.arn)
        if let current = secret.labels.holder(of: .current).flatMap({ held[$0] }), !truth.target.accepts(current),
            secret.rotation?.admin == nil, run?.state == .parked || isLast
        {
            // Nothing of ours logs in, and there is no admin secret: the account gets the password that the secret holds.
            self.world.note("a person sets \(current.username)@\(current.host) to \(current.password)")
            truth.target.edit { $0.accounts[current.username] = SimulatedTarget.Account(passwords: [current.password], isOurs: false) }
        }
        if secret.deletedAt != nil { await people.act(.restore, on: truth, process) }
        // What is put off that far was put off by a clock that was ahead.
        let isFarOff = run?.nextAttemptAt.map { $0 > self.world.clock.now + .hours(30) } ?? false
        if let run, run.state == .parked || isFarOff {
            if run.failure?.code == .configInvalid {
                // What is configured wrong stays wrong however often it is tried: that run is given up for another.
                await people.act(.cancel, on: truth, process)
                await people.reschedule(truth, process, RotationRules(frequency: .days(1)))
            } else {
                await people.act(.retry, on: truth, process)
            }
        }
        guard run == nil, !isLast else { return }
        let isSoon = secret.rotation?.nextWindow.map { $0.end < self.world.clock.now + .hours(45) } ?? false
        guard secret.rotation?.isEnabled != true || !isSoon || secret.rotation?.rules?.freezes.isEmpty == false else { return }
        // Off, far away or frozen: a daily schedule makes it due in time.
        await people.reschedule(truth, process, RotationRules(frequency: .days(1)))
    }

    private func stored(_ arn: SecretARN) async -> (SecretRecord, RunRecord?)? {
        guard let found = await self.model.read({ (try $0.secret(arn), try $0.unfinishedRun(of: arn)) }) else { return nil }
        guard let secret = found.0 else { return nil }
        return (secret, found.1)
    }

    /// Every secret has rotated or is not due, nothing is stuck, nothing is left over, AWSCURRENT logs in.
    private func check() async {
        let now = self.world.clock.now
        // Whom nobody has restored until the day that was promised is gone, and rightly.
        for truth in self.model.inOrder where truth.goesAt.map({ $0 > now }) ?? true {
            guard let (secret, run) = await self.stored(truth.arn), let rotation = secret.rotation else {
                self.model.violated("\(truth.arn.name) is gone")
                continue
            }
            let name = truth.arn.name
            self.model.check(
                run.map { now - $0.startedAt < .hours(2) } ?? true,
                "\(name): its run is stuck: \(run.map { "\($0.state) since \($0.updatedAt.rfc3339), next \($0.nextAttemptAt?.rfc3339 ?? "-")" } ?? "") \(run?.failure?.message ?? "")"
            )
            self.model.check(rotation.isEnabled && secret.deletedAt == nil, "\(name): rotation is off")
            self.model.check(
                rotation.nextWindow.map { $0.end > now } ?? false,
                "\(name) is overdue since \(rotation.nextWindow?.end.rfc3339 ?? "-")"
            )
            self.model.check(rotation.lastRotatedAt != nil, "\(name) has never rotated")
            guard run == nil else { continue }
            let held = await self.model.held(truth.arn)
            let current = secret.labels.holder(of: .current).flatMap { held[$0] }
            self.model.check(truth.target.accepts(current), "I1 \(name): AWSCURRENT does not log in at the end")
            let pending = secret.labels.holder(of: .pending)
            self.model.check(
                pending == nil || rotation.lastRotatedAt.map { $0 < now - .days(2) } ?? true,
                "\(name): AWSPENDING is left over"
            )
            let late = await self.model.read { store in
                try store.runs(of: truth.arn, limit: 20).filter {
                    $0.state == .retiring && $0.nextAttemptAt.map { $0 < now - .hours(2) } ?? true
                }
            }
            self.model.check(late?.isEmpty ?? true, "\(name): an old credential is not retired")
        }
    }
}
