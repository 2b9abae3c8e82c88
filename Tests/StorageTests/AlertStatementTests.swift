import SecretModel
import Testing

@testable import Storage

@Suite struct AlertStatementTests {
    typealias Fixture = StoreFixture

    private func alert(_ fingerprint: String, of secret: String? = "db/app", startsAfter minutes: Int64 = 0) -> AlertRecord {
        AlertRecord(
            fingerprint: fingerprint,
            name: "SecretRotationFailing",
            secret: secret.map { Fixture.arn($0) },
            severity: "warning",
            startsAt: Fixture.start + .minutes(minutes),
            errorCode: "target_unreachable",
            attempts: 3,
            data: ["z": 1, "a": ["kept", .null, .number("1.50")]]
        )
    }

    @Test(arguments: TestedDriver.allCases)
    func anAlertIsSavedOverItself(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var alert = self.alert("f1")
        let firing = alert
        try await fixture.store.write { try $0.save(firing) }
        #expect(try await fixture.store.read { try $0.alert("f1") } == firing)
        #expect(try await fixture.store.read { try $0.firingAlerts(of: Fixture.arn("db/app")) } == [firing])

        alert.endsAt = Fixture.start + .hours(1)
        alert.updatedAt = Fixture.start + .hours(1)
        alert.errorCode = nil
        alert.attempts = 4
        alert.data = .null
        let resolved = alert
        try await fixture.store.write { try $0.save(resolved) }
        #expect(try await fixture.store.read { try $0.alert("f1") } == resolved)
        #expect(try await fixture.store.read { try $0.firingAlerts(of: Fixture.arn("db/app")) }.isEmpty)
        #expect(try await fixture.store.read { try $0.alert("f2") } == nil)
    }

    @Test(arguments: TestedDriver.allCases)
    func alertsAboutKeysAreThoseWithoutASecret(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var resolved = self.alert("f3", of: nil)
        resolved.endsAt = Fixture.start + .hours(1)
        let saved = [self.alert("f1"), self.alert("f2", of: nil), resolved]
        try await fixture.store.write { store in
            for alert in saved { try store.save(alert) }
        }
        #expect(try await fixture.store.read { try $0.firingKeyAlerts() } == [saved[1]])
    }

    @Test(arguments: TestedDriver.allCases)
    func firingAlertsComeFirstThenTheNewest(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var alerts = (0..<4).map { self.alert("f\($0)", of: $0 == 1 ? nil : "db/app", startsAfter: $0) }
        alerts[3].endsAt = Fixture.start + .hours(1)
        alerts[0].endsAt = Fixture.start + .hours(1)
        let saved = alerts
        try await fixture.store.write { store in
            for alert in saved { try store.save(alert) }
        }
        let all = try await fixture.store.read { try $0.alerts(includingResolved: true, limit: 10).map(\.fingerprint) }
        #expect(all == ["f2", "f1", "f3", "f0"])
        let firing = try await fixture.store.read { try $0.alerts(includingResolved: false, limit: 10).map(\.fingerprint) }
        #expect(firing == ["f2", "f1"])
        #expect(try await fixture.store.read { try $0.alerts(includingResolved: true, limit: 1) }.count == 1)
        #expect(try await fixture.store.read { try $0.firingAlerts(of: Fixture.arn("db/app")) } == [saved[2]])
    }

    @Test(arguments: TestedDriver.allCases)
    func theOutboxDeliversInOrderWhatIsDue(driver: TestedDriver) async throws {
        let fixture = try await StoreFixture(driver)
        var messages = ["evt_z", "evt_a", "evt_m"].map { id in
            OutboxRecord(id: id, sink: "webhook", createdAt: Fixture.start, body: #"{"id":"\#(id)"}"#)
        }
        let written = messages
        try await fixture.store.write { store in
            for message in written { try store.insert(message) }
        }
        #expect(try await fixture.store.read { try $0.dueMessages(at: Fixture.start, limit: 10) } == written)
        #expect(try await fixture.store.read { try $0.dueMessages(at: Fixture.start - .seconds(1), limit: 10) }.isEmpty)

        messages[0].status = .delivered
        messages[1].attempts = 1
        messages[1].nextAttemptAt = Fixture.start + .minutes(5)
        messages[1].lastError = "503"
        messages[2].status = .deadLetter
        let tried = messages
        try await fixture.store.write { store in
            for message in tried { try store.update(message) }
        }
        #expect(try await fixture.store.read { try $0.dueMessages(at: Fixture.start, limit: 10) }.isEmpty)
        #expect(try await fixture.store.read { try $0.nextMessageTime() } == Fixture.start + .minutes(5))
        for (index, status) in [OutboxRecord.Status.delivered, .waiting, .deadLetter].enumerated() {
            #expect(try await fixture.store.read { try $0.messages(status: status, limit: 10) } == [tried[index]])
        }
        let unknown = OutboxRecord(id: "evt_x", sink: "webhook", createdAt: Fixture.start, body: "{}")
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.update(unknown) } }
    }
}
