import RotationModel
import SecretModel
import Storage

/// I5, I9 and I10, commit by commit.
extension SimulationModel {
    private static let scope = EngineHouse.scope

    /// Events after which the dates of a secret may differ: a run that ended, a value by hand, an edit.
    private static let mayMoveDates: Set<String> = [
        "RotationSucceeded", "RotationAbandoned", "RotateSecret", "ConfigureRotation", "CancelRotateSecret", "PutSecretValue",
        "UpdateSecret",
    ]

    /// Looks at what a commit has told.
    func observe(_ process: SimulatedProcess) async {
        let last = self.state.value.lastAudit
        let told = await self.read { try $0.auditRecords(after: last, limit: 1_000) } ?? []
        self.state.value.lastAudit = told.last?.sequence ?? last
        for record in told {
            let mayMoveDates = told.contains { $0.event.resource == record.event.resource && Self.mayMoveDates.contains($0.event.name) }
            await self.follow(record.event, mayMoveDates: mayMoveDates, by: process)
        }
    }

    private func follow(_ event: AuditEvent, mayMoveDates: Bool, by process: SimulatedProcess) async {
        guard let arn = event.resource.flatMap(SecretARN.init), let before = self.state.value.truths[arn] else { return }
        let data = event.data
        let token = data["VersionId"]?.stringValue.flatMap { VersionID($0) }
        let found = await self.read { store in
            (try store.secret(arn), try token.flatMap { try store.run(RunID(secret: arn, token: $0)) }, try store.firingAlerts(of: arn))
        }
        guard let (secret, run, alerts) = found, let secret else { return }
        let cause = data["Cause"]?.stringValue.map { ": \($0)" } ?? ""
        self.note(
            "\(process.name) \(event.name) \(arn.name)\(run.map { " (\($0.trigger.rawValue), \($0.state.rawValue))" } ?? "")\(cause)"
        )
        var truth = before
        switch event.name {
        case "RotationStarted": self.started(run, before, at: event.at)
        case "TestRotationStarted": self.count(.testsOfRules)
        case "RotationSucceeded":
            (truth.isCurrentByHand, truth.rotatedAt) = (false, self.clock.truth)
            await self.succeeded(run, secret, before, at: event.at)
            self.check(alerts.isEmpty, "I9 \(arn.name) has rotated, and \(alerts.map(\.name)) still fires")
        case "RotationFailed":
            self.count(.failedAttempts)
            self.count(.parked, if: run?.state == .parked)
            self.count(.lockedOut, if: alerts.contains { $0.name == "CredentialLockedOut" })
            self.check(!alerts.isEmpty, "I9 an attempt of \(arn.name) failed, and no alert fires")
        case "RotationAbandoned": self.count(.abandoned)
        case "PutSecretValue", "UpdateSecretVersionStage": truth.isCurrentByHand = true
        default: break
        }
        if !mayMoveDates { self.checkDates(of: secret, before, after: event.name) }
        (truth.rotation, truth.isDeleted, truth.goesAt) = (secret.rotation, secret.deletedAt != nil, secret.purgeAt)
        self.state.value.truths[arn] = truth
    }

    /// I5: what the schedule starts was due by the stored date, and no freeze held; everything else was asked for.
    private func started(_ run: RunRecord?, _ truth: SecretTruth, at now: Timestamp) {
        guard let run else { return }
        guard run.trigger == .schedule else {
            self.check(truth.asked.contains(run.id.token), "I5 \(truth.arn.name): nobody asked for this run")
            return
        }
        self.count(.scheduledRotations)
        let rotation = truth.rotation
        self.check(rotation?.isEnabled == true && !truth.isDeleted, "I5 \(truth.arn.name) rotates though rotation is off")
        self.check(rotation?.dueAt.map { $0 <= now } ?? false, "I5 \(truth.arn.name) rotates before \(rotation?.dueAt?.rfc3339 ?? "-")")
        self.check(rotation?.rules?.freeze(at: now) == nil, "I5 \(truth.arn.name) rotates in a freeze")
    }

    private func succeeded(_ run: RunRecord?, _ secret: SecretRecord, _ before: SecretTruth, at now: Timestamp) async {
        self.count(.rotations)
        guard let run else { return }
        let name = secret.arn.name
        self.check(secret.labels.holder(of: .current) == run.id.token, "\(name) has rotated, and AWSCURRENT is another version")
        self.check(secret.labels.holder(of: .pending) == nil, "\(name) has rotated, and AWSPENDING is left over")
        self.check(secret.rotation?.lastRotatedAt == now, "\(name) has rotated, and the date does not say so")
        if run.hasDrift, before.rotation?.lastRotatedAt != nil { await self.checkDriftWasTold(of: secret.arn) }
        let held = await self.held(secret.arn)
        let credential = held[run.id.token]
        let account = credential.flatMap { before.target.state.accounts[$0.username] }
        let isOurs = account?.isOurs ?? false
        self.check(!isOurs || before.target.accepts(credential), "I1 \(name) was promoted to a value that does not log in")
        guard before.isHealthy, run.trigger == .schedule else { return }
        self.count(.healthyRotations)
        let end = before.rotation?.nextWindow?.end
        self.check(end.map { now < $0 } ?? false, "I10 \(name) on a healthy target rotated after its window had ended")
    }

    /// I9: whoever made the target refuse AWSCURRENT, a person learns of it; also when the rotation that found it has mended it.
    private func checkDriftWasTold(of secret: SecretARN) async {
        let alerts = await self.read { try $0.alerts(includingResolved: true, limit: 500) } ?? []
        let isTold = alerts.contains { $0.secret == secret && $0.name == "CredentialDrift" }
        self.check(isTold, "I9 \(secret.name) had drifted, and nobody was told")
        self.count(.driftAlerts, if: isTold)
    }

    private func checkDates(of secret: SecretRecord, _ before: SecretTruth, after event: String) {
        guard let old = before.rotation, let new = secret.rotation else { return }
        self.check(new.nextWindow == old.nextWindow, "I5 \(event) moved the window of \(secret.arn.name)")
        self.check(new.lastRotatedAt == old.lastRotatedAt, "I5 \(event) moved the last rotation of \(secret.arn.name)")
        // A freeze or a neighbour puts a due time off, never forward.
        let isKept = new.dueAt.map { due in old.dueAt.map { due >= $0 } ?? false } ?? true
        self.check(isKept, "I5 \(event) made \(secret.arn.name) due at \(new.dueAt?.rfc3339 ?? "-"), not \(old.dueAt?.rfc3339 ?? "-")")
    }

    /// I11, right after a look of the detector: whatever is overdue has been told.
    func checkOverdue(at now: Timestamp) async {
        let limit = now - .minutes(15)
        for truth in self.inOrder where !truth.isDeleted && truth.rotation?.isEnabled == true {
            guard let end = truth.rotation?.nextWindow?.end, end < limit else { continue }
            let alerts = await self.read { try $0.firingAlerts(of: truth.arn).map(\.name) } ?? []
            self.count(.overdueAlerts)
            self.check(alerts.contains("SecretRotationOverdue"), "I11 \(truth.arn.name) is overdue, and nobody is told")
            self.check(!truth.isHealthy, "I10 \(truth.arn.name) on a healthy target is overdue")
        }
    }

    /// The secrets, always in the same order.
    var inOrder: [SecretTruth] { self.state.value.truths.values.sorted { $0.arn.description < $1.arn.description } }
}

extension AuditEvent {
    /// What the event tells besides CloudTrail's own members.
    var data: JSONValue {
        do throws(JSONSyntaxError) {
            return try self.document()["additionalEventData"] ?? [:]
        } catch {
            return [:]
        }
    }
}
