import RotationModel
import SecretModel
import Storage

/// I9, at the end: what happened to each run was told, each thing once.
extension SimulationModel {
    func checkRecords() async {
        for truth in self.inOrder {
            let found = await self.read { store in
                (try store.runs(of: truth.arn, limit: 300), try store.auditRecords(of: truth.arn, limit: 5_000))
            }
            guard let (runs, records) = found else { return }
            for run in runs {
                let told = records.filter { $0.event.data["VersionId"]?.stringValue == run.id.token.description }.map(\.event.name)
                self.check(of: run, told, "\(truth.arn.name) run \(run.id.token) (\(run.state.rawValue))")
            }
        }
    }

    private func check(of run: RunRecord, _ told: [String], _ name: String) {
        func count(_ event: String) -> Int { told.filter { $0 == event }.count }
        self.check(count(run.trigger == .test ? "TestRotationStarted" : "RotationStarted") == 1, "I9 \(name): its start was told \(told)")
        guard run.trigger != .test else { return }
        let successes = count("RotationSucceeded")
        switch run.state {
        case .succeeded, .retiring, .retired: self.check(successes == 1, "I9 \(name): its success was told \(successes) times")
        case .abandoned: self.check(count("RotationAbandoned") == 1, "I9 \(name): its end was not told")
        case .cancelled: self.check(count("CancelRotateSecret") == 1, "I9 \(name): its end was not told")
        case .preparing, .setting, .testing, .promoting, .waiting, .failed, .parked:
            self.check(successes == 0, "I9 \(name): a success was told")
            self.check(run.failure == nil || count("RotationFailed") > 0, "I9 \(name): its failure was not told")
        }
    }
}
