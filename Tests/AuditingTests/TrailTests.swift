import GRDB
import SecretModel
import Storage
import TestSupport
import Testing

@testable import Auditing

/// Records, their chain, and what is left of it after pruning.
@Suite struct TrailTests {
    @Test func writersAtOnceMakeOneChainWithoutGaps() async throws {
        let fixture = try await TrailFixture()
        try await withThrowingTaskGroup { group in
            for index in 0..<200 { group.addTask { try await fixture.append(index) } }
            try await group.waitForAll()
        }
        #expect(try await fixture.records().map(\.sequence) == Array(1...200))
        let (finding, checked) = try await fixture.verify()
        #expect(finding == nil)
        #expect(checked == 200)
    }

    /// I9: the record is a part of the change, so what undoes the change undoes it too.
    @Test func I9_aTransactionThatFailsLeavesTheChainAsItWas() async throws {
        struct Refused: Error {}
        let fixture = try await TrailFixture(records: 2)
        let head = try await fixture.head()
        await #expect(throws: Refused.self) {
            try await fixture.store.write { store in
                try fixture.trail.append(TrailFixture.event(3), in: store)
                throw Refused()
            }
        }
        #expect(try await fixture.head() == head)
        try await fixture.append(4)
        let (finding, checked) = try await fixture.verify()
        #expect(finding == nil)
        #expect(checked == 3)
    }

    @Test func whatIsPrunedLeavesASealedPlaceToGoOnFrom() async throws {
        let fixture = try await TrailFixture(records: 10)
        let before = TrailFixture.start + .minutes(6)
        #expect(try await fixture.store.write { try fixture.trail.prune(before: before, limit: 4, in: $0) } == 4)
        #expect(try await fixture.store.write { try fixture.trail.prune(before: before, limit: 4, in: $0) } == 2)
        #expect(try await fixture.store.write { try fixture.trail.prune(before: before, limit: 4, in: $0) } == 0)
        #expect(try await fixture.records().map(\.sequence) == [7, 8, 9, 10])
        try await fixture.append(11)
        let (finding, checked) = try await fixture.verify()
        #expect(finding == nil)
        #expect(checked == 5)
        #expect(try await fixture.head().startedAt == TrailFixture.start)
        // A walk that began before the pruning goes on behind it.
        let verifier = AuditVerifier(store: fixture.store, trail: fixture.trail)
        let stale = AuditLink(sequence: 2, hash: AuditChain.beginning)
        #expect(try await verifier.verify(from: stale, limit: 100).finding == nil)
    }

    /// A clock that is ahead for some hours makes nothing old.
    @Test func whatIsTooOldGoesOnceTheClockHasSaidSoForADay() async throws {
        let fixture = try await TrailFixture(records: 5)
        var retention = AuditRetention(store: fixture.store, trail: fixture.trail, keeping: .days(90))
        let (start, day) = (ContinuousClock.now, TrailFixture.start + .days(90) + .minutes(3))
        #expect(try await retention.look(at: day + .days(400), instant: start) == 0)
        #expect(try await retention.look(at: day, instant: start + .hours(25)) == 0, "the clock was set right")
        #expect(try await retention.look(at: day + .hours(23), instant: start + .hours(48)) == 0)
        #expect(try await retention.look(at: day + .hours(24), instant: start + .hours(49)) == 3)
        #expect(try await retention.look(at: day + .hours(25), instant: start + .hours(50)) == 0)
        #expect(try await fixture.records().map(\.sequence) == [4, 5])
        #expect(try await fixture.verify().finding == nil)
    }

    @Test func everythingMayBePruned() async throws {
        let fixture = try await TrailFixture(records: 3)
        #expect(try await fixture.store.write { try fixture.trail.prune(before: TrailFixture.start + .days(1), limit: 9, in: $0) } == 3)
        #expect(try await fixture.verify().finding == nil)
        try await fixture.append(4)
        #expect(try await fixture.records().map(\.sequence) == [4])
        #expect(try await fixture.verify().finding == nil)
    }

    @Test func evidenceIsNotPruned() async throws {
        var fixture = try await TrailFixture(records: 5)
        try await fixture.tamper { try $0.execute(sql: "UPDATE audit SET user_name = 'bob' WHERE sequence = 2") }
        let copy = fixture
        await #expect(throws: AuditFinding.changed(sequence: 2)) {
            try await copy.store.write { try copy.trail.prune(before: TrailFixture.start + .days(1), limit: 100, in: $0) }
        }
        #expect(try await fixture.records().count == 5)
    }

    @Test func aCallIsToldInCloudTrailsShape() throws {
        var generator = SystemRandomNumberGenerator()
        let event = TrailFixture.origin().event(
            .init("GetSecretValue", failure: AuditFailure(recorded: "AccessDenied", message: "no")),
            using: &generator
        )
        #expect(
            event.text
                == #"{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDA1","#
                + #""arn":"arn:aws:iam::000000000000:user/ann","accountId":"000000000000","accessKeyId":"AKID1","userName":"ann"},"#
                + #""eventTime":"2027-01-15T08:00:00Z","eventSource":"secretsmanager.amazonaws.com","eventName":"GetSecretValue","#
                + #""awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.7","userAgent":"test/1","errorCode":"AccessDenied","errorMessage":"no","#
                + #""requestParameters":{"secretId":"db/app"},"responseElements":null,"requestID":"request-0","eventID":"event-0","#
                + #""readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"000000000000","#
                + #""eventCategory":"Management"}"#
        )
    }

    /// `aws-service.md` §1.11: no type and no ARN of an identity, parameters null, the secret in additionalEventData.
    @Test func aServiceEventIsToldInCloudTrailsShape() throws {
        var generator = SystemRandomNumberGenerator()
        let event = AuditEvent.service(
            "RotationFailed",
            of: TrailFixture.arn,
            requestID: "Rotation-x",
            failure: AuditFailure(recorded: "target_unreachable", message: "Error when executing lambda"),
            at: TrailFixture.start,
            using: &generator
        )
        let document = try event.document()
        #expect(document["userIdentity"] == ["accountId": "000000000000", "invokedBy": "secretsmanager.amazonaws.com"])
        #expect(document["additionalEventData"]?["SecretId"]?.stringValue == TrailFixture.arn.description)
        #expect(document["sourceIPAddress"] == "secretsmanager.amazonaws.com" && document["userAgent"] == document["sourceIPAddress"])
        #expect(document["requestParameters"] == .null && document["responseElements"] == .null)
        #expect(document["eventType"] == "AwsServiceEvent" && document["readOnly"] == false && document["errorCode"] == nil)
        #expect(document["errorMessage"] == "Error when executing lambda")
        #expect(event.errorCode == "target_unreachable" && event.resource == TrailFixture.arn.description)
    }

    @Test func parametersThatAreTooLongAreToldByTheirSize() throws {
        var generator = SystemRandomNumberGenerator()
        var origin = TrailFixture.origin("ApplyRules")
        origin.call.parameters = ["document": .string(String(repeating: "x", count: 200_000))]
        let event = origin.event(.init("ApplyRules"), using: &generator)
        #expect(event.text.utf8.count < 2_000)
        #expect(try event.document()["requestParameters"]?["omitted"] == true)
    }

    @Test(arguments: [
        ("2018-05-03T17:51:02Z", "May 3, 2018 5:51:02 PM"), ("2026-11-21T00:05:09Z", "Nov 21, 2026 12:05:09 AM"),
        ("2026-12-01T12:00:00Z", "Dec 1, 2026 12:00:00 PM"),
    ])
    func datesInAnswersReadAsAtAWS(time: String, text: String) throws {
        #expect(try #require(Timestamp(rfc3339: time)).cloudTrailText == text)
    }
}
