import Alerting
import RotationModel
import SecretModel
import Storage
import Testing

/// One firing notification per alert and cause, and one resolution (`alerting.md` §2, §3).
@Suite struct AlertRecorderTests {
    private func summary(_ messages: [JSONValue]) -> [String] {
        messages.map { message in
            let alert = message["data"]?["alert"]
            return "\(alert?["name"]?.stringValue ?? "?") \(alert?["status"]?.stringValue ?? "?")"
        }
    }

    @Test func `repeated failures with one cause are told once, another cause again, and the success resolves`() async throws {
        let fixture = try await AlertFixture()
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 2)))
        #expect(self.summary(try await fixture.waiting()) == ["SecretRotationFailed firing"])
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 2, .authFailed)))
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 3, .authFailed)))
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 4, .authFailed)))
        try await fixture.record(.succeeded(fixture.run))
        try await fixture.record(.succeeded(fixture.run))
        let told = self.summary(try await fixture.waiting())
        #expect(told.prefix(3) == ["SecretRotationFailed firing", "SecretRotationFailed firing", "SecretRotationFailing firing"])
        #expect(Set(told.dropFirst(3)) == ["SecretRotationFailed resolved", "SecretRotationFailing resolved"])
        #expect(told.count == 5)
        let arn = fixture.secret.arn
        #expect(try await fixture.store.read { try $0.firingAlerts(of: arn) }.isEmpty)
    }

    @Test(arguments: [
        (true, "CredentialLockedOut", "critical"), (false, "SecretRotationFailing", "error"),
    ]) func `a parked run is told at once, once`(_ allRefused: Bool, _ name: String, _ severity: String) async throws {
        let fixture = try await AlertFixture()
        let run = fixture.failed(attempt: 1, .permissionDenied)
        for _ in 1...2 { try await fixture.record(.parked(run, allRefused: allRefused)) }
        let messages = try await fixture.waiting()
        #expect(self.summary(messages) == ["\(name) firing"])
        #expect(messages.first?["data"]?["alert"]?["severity"]?.stringValue == severity)
    }

    @Test(arguments: ["success", "disabled", "deleted"]) func `overdue and drift end with the trouble`(_ end: String) async throws {
        let fixture = try await AlertFixture()
        for _ in 1...3 { try await fixture.record(.overdue(nil)) }
        try await fixture.record(.drift(fixture.run))
        let ending: AlertRecorder.Event =
            end == "success" ? .succeeded(fixture.run) : end == "disabled" ? .rotationDisabled : .secretDeleted
        try await fixture.record(ending)
        let told = self.summary(try await fixture.waiting())
        #expect(told.prefix(2) == ["SecretRotationOverdue firing", "CredentialDrift firing"])
        #expect(Set(told.dropFirst(2)) == ["SecretRotationOverdue resolved", "CredentialDrift resolved"])
    }

    @Test func `the body says which secret, step and cause, and which credential works now`() async throws {
        let fixture = try await AlertFixture(sinks: ["hook", "script"])
        let start = fixture.now
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 3)))
        let messages = try await fixture.messages(.waiting)
        #expect(messages.map(\.sink) == ["hook", "script"])
        #expect(Set(messages.map(\.id)).count == 2)
        let event = try JSONValue(parsing: try #require(messages.first).body)
        #expect(event["specversion"] == "1.0")
        #expect(event["id"]?.stringValue == messages.first?.id)
        #expect(event["source"] == "/keyturn/test")
        #expect(event["type"] == "rotation.failing")
        #expect(event["subject"]?.stringValue == fixture.secret.arn.description)
        #expect(event["time"]?.stringValue == start.rfc3339 && event["timestamp"] == event["time"])
        let data = try #require(event["data"])
        #expect(data["secret"]?["name"] == "prod/db/app")
        #expect(data["secret"]?["tags"] == ["team": "payments"])
        #expect(data["run"]?["step"] == "setSecret")
        #expect(data["error"]?["code"] == "target_unreachable")
        #expect(data["error"]?["hint"]?.stringValue?.hasPrefix("The old credential still works (probed ") == true)
        #expect(data["error"]?["action"] == "Start the server.")
        #expect(data["candidates"]?["current"]?["outcome"] == "accepted")
        #expect(data["candidates"]?["current"]?["at"]?.stringValue == start.rfc3339)
        #expect(data["alert"]?["attempt"] == 3)
        #expect(data["alert"]?["secondsToDeadline"] == 172_800)
        #expect(data["test"] == false)
    }

    @Test func `a resolution carries duration, attempts, the new version and the next rotation date`() async throws {
        let fixture = try await AlertFixture()
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await fixture.record(.succeeded(fixture.failed(attempt: 2)))
        let event = try #require(try await fixture.waiting().last)
        #expect(event["type"] == "alert.resolved")
        let resolution = event["data"]?["resolution"]
        #expect(resolution?["reason"] == "succeeded")
        #expect(resolution?["durationMs"] == 60_000)
        #expect(resolution?["attempts"] == 2)
        #expect(resolution?["versionId"] == "11111111-2222-4333-8444-555555555555")
        let end = try #require(fixture.secret.rotation?.nextWindow?.end)
        #expect(resolution?["nextRotationAt"]?.stringValue == (end - .seconds(1)).rfc3339)
    }

    @Test func `a failure soon after the resolution re-opens the incident, a later one is a new one`() async throws {
        let fixture = try await AlertFixture()
        let first = fixture.now
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await fixture.record(.succeeded(fixture.run))
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        let arn = fixture.secret.arn
        #expect(try await fixture.store.read { try $0.firingAlerts(of: arn) }.map(\.startsAt) == [first])
        try await fixture.record(.succeeded(fixture.run))
        fixture.advance(.hours(1))
        let later = fixture.now
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        #expect(try await fixture.store.read { try $0.firingAlerts(of: arn) }.map(\.startsAt) == [later])
    }

    @Test func `I9 a transaction that is rolled back tells nobody`() async throws {
        struct Stop: Error {}
        let fixture = try await AlertFixture()
        let (secret, now, recorder, run) = (fixture.secret, fixture.now, fixture.recorder, fixture.failed(attempt: 1))
        await #expect(throws: Stop.self) {
            try await fixture.store.write { store in
                try recorder.record(.attemptFailed(run), of: secret, at: now, in: store)
                throw Stop()
            }
        }
        #expect(try await fixture.waiting().isEmpty)
        #expect(try await fixture.store.read { try $0.alerts(includingResolved: true, limit: 10) }.isEmpty)
    }
}
