import Alerting
import Foundation
import Logging
import RotationModel
import SecretModel
import ServiceLifecycle
import Storage
import TestSupport
import Testing

/// The outbox: at least once, with retries, then a dead letter (`alerting.md` §7), on virtual time against a real receiver.
@Suite(.timeLimit(.minutes(10)))
struct AlertDeliveryTests {
    private func webhook(_ receiver: WebhookReceiver, keys: [String] = [AlertFixture.key]) throws -> AlertSink {
        try AlertSink(name: "hook", webhook: receiver.url, signingSecrets: keys.map { SecretValue(string: "whsec_\($0)") })
    }

    @Test func `a message is signed so that an independent implementation accepts it, with the old key too`() async throws {
        let fixture = try await AlertFixture()
        let receiver = try await WebhookReceiver(key: AlertFixture.key)
        let delivery = fixture.delivery([try self.webhook(receiver, keys: [AlertFixture.otherKey, AlertFixture.key])])
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await delivery.deliverDue()
        let request = try #require(try receiver.requests().first)
        #expect(request.validSignatures == 1)
        #expect(request.headers["webhook-signature"]?.stringValue?.split(separator: " ").count == 2)
        #expect(request.headers["content-type"] == "application/cloudevents+json")
        #expect(request.headers["webhook-id"] == request.body["id"])
        #expect(request.body["type"] == "rotation.failed")
        #expect(try await fixture.messages(.delivered).count == 1)
        try await delivery.deliverDue()
        #expect(try receiver.requests().count == 1, "delivered once")
        try await delivery.shutdown()
    }

    @Test func `a receiver that is down is tried again by the table, with the same id, then it is a dead letter`() async throws {
        let fixture = try await AlertFixture()
        let receiver = try await WebhookReceiver(key: AlertFixture.key)
        let delivery = fixture.delivery([try self.webhook(receiver)])
        try receiver.answer(500)
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        let delays: [Duration] = [
            .seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(14), .hours(20), .hours(24),
        ]
        for (index, delay) in delays.enumerated() {
            try await delivery.deliverDue()
            let message = try #require(try await fixture.messages(.waiting).first)
            #expect(message.attempts == index + 1 && message.lastError == "HTTP 500")
            let wait = message.nextAttemptAt - fixture.now
            #expect(wait >= delay && wait <= delay + delay / 10)
            try await delivery.deliverDue()
            #expect(try receiver.requests().count == index + 1, "not before its time")
            fixture.advance(wait)
        }
        try await delivery.deliverDue()
        #expect(try await fixture.messages(.deadLetter).map(\.attempts) == [10])
        let requests = try receiver.requests()
        #expect(requests.count == 10 && requests.allSatisfy { $0.validSignatures == 1 })
        #expect(Set(requests.compactMap { $0.headers["webhook-id"]?.stringValue }).count == 1)
        try await delivery.shutdown()
    }

    @Test func `Retry-After is honoured, a redirect is not followed, 410 is the end`() async throws {
        let fixture = try await AlertFixture()
        let receiver = try await WebhookReceiver(key: AlertFixture.key)
        let delivery = fixture.delivery([try self.webhook(receiver)])
        try receiver.answer(429, header: "Retry-After: 600")
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await delivery.deliverDue()
        let waiting = try #require(try await fixture.messages(.waiting).first)
        #expect(waiting.nextAttemptAt == fixture.now + .seconds(600))
        fixture.advance(.seconds(600))
        try receiver.answer(302, header: "Location: \(receiver.url)")
        try await delivery.deliverDue()
        #expect(try receiver.requests().count == 2)
        fixture.advance(.hours(1))
        try receiver.answer(410)
        try await delivery.deliverDue()
        #expect(try await fixture.messages(.deadLetter).count == 1)
        try await delivery.shutdown()
    }

    @Test func `killed between commit and delivery: the next daemon delivers`() async throws {
        let fixture = try await AlertFixture()
        let receiver = try await WebhookReceiver(key: AlertFixture.key)
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await fixture.record(.succeeded(fixture.run))
        let delivery = fixture.delivery([try self.webhook(receiver)])
        let group = ServiceGroup(services: [delivery], logger: Logger(label: "test"))
        async let running: Void = group.run()
        try await eventually("both messages") { try receiver.requests().count == 2 }
        #expect(try receiver.requests().map { $0.body["data"]?["alert"]?["status"] } == ["firing", "resolved"])
        try await eventually("both are noted as delivered") { try await fixture.messages(.waiting).isEmpty }
        await group.triggerGracefulShutdown()
        try await running
    }

    @Test func `a sink that hangs delays no other, and a shutdown in the middle loses nothing`() async throws {
        let fixture = try await AlertFixture(sinks: ["slow", "quick"])
        let slow = try self.hook(in: fixture, "touch \"$0.started\"; exec sleep 300", name: "slow")
        let quick = try self.hook(in: fixture, "exit 0", name: "quick")
        let delivery = fixture.delivery([try AlertSink(name: "slow", command: slow), try AlertSink(name: "quick", command: quick)])
        let group = ServiceGroup(services: [delivery], logger: Logger(label: "test"))
        async let running: Void = group.run()
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await eventually("the slow hook") { FileManager.default.fileExists(atPath: "\(slow).started") }
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1, .authFailed)))
        try await eventually("two quick deliveries") { try await fixture.messages(.delivered).map(\.sink) == ["quick", "quick"] }
        await group.triggerGracefulShutdown()
        try await running
        let waiting = try await fixture.messages(.waiting)
        #expect(waiting.map(\.sink) == ["slow", "slow"] && waiting.allSatisfy { $0.attempts == 0 })
    }

    @Test func `a resolution does not overtake its alert`() async throws {
        let fixture = try await AlertFixture()
        let receiver = try await WebhookReceiver(key: AlertFixture.key)
        let delivery = fixture.delivery([try self.webhook(receiver)])
        try receiver.answer(503)
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await delivery.deliverDue()
        try receiver.answer(200)
        let (secret, now, recorder, run) = (fixture.secret, fixture.now, fixture.recorder, fixture.run)
        try await fixture.store.write { try recorder.record(.succeeded(run), of: secret, at: now, in: $0) }
        try await delivery.deliverDue()
        #expect(try receiver.requests().count == 1, "it waits for the retry of the alert")
        fixture.advance(.minutes(1))
        try await delivery.deliverDue()
        #expect(try receiver.requests().map { $0.body["data"]?["alert"]?["status"] } == ["firing", "firing", "resolved"])
        try await delivery.shutdown()
    }

    @Test func `a hook gets the event on stdin and the facts in its environment`() async throws {
        let fixture = try await AlertFixture()
        let hook = try self.hook(in: fixture, "cat >\"$0.event\"; env >\"$0.env\"")
        let delivery = fixture.delivery([try AlertSink(name: "hook", command: hook)])
        try await fixture.record(.parked(fixture.failed(attempt: 1), allRefused: true))
        try await delivery.deliverDue()
        let message = try #require(try await fixture.messages(.delivered).first)
        #expect(try readFile("\(hook).event") == message.body)
        let environment = Set(try readFile("\(hook).env").split(separator: "\n").map(String.init))
        let expected: Set<String> = [
            "KEYTURN_EVENT_TYPE=credential.locked_out", "KEYTURN_EVENT_ID=\(message.id)", "KEYTURN_SECRET_NAME=prod/db/app",
            "KEYTURN_SEVERITY=critical", "KEYTURN_STATUS=firing",
        ]
        #expect(environment.isSuperset(of: expected))
        #expect(!environment.contains { $0.hasPrefix("HOME=") }, "the environment is built, not inherited")
        try await delivery.shutdown()
    }

    @Test(arguments: [("exit 75", 40), ("exit 1", 5)]) func `a hook that fails`(_ body: String, _ atLeast: Int) async throws {
        let fixture = try await AlertFixture()
        let hook = try self.hook(in: fixture, body)
        let delivery = fixture.delivery([try AlertSink(name: "hook", command: hook)])
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        for _ in 1...atLeast {
            try await delivery.deliverDue()
            fixture.advance(.minutes(6))
        }
        let dead = try await fixture.messages(.deadLetter)
        if body == "exit 75" {
            #expect(dead.isEmpty)
            #expect(try await fixture.messages(.waiting).map(\.attempts) == [atLeast])
        } else {
            #expect(dead.map(\.attempts) == [5])
        }
        try await delivery.shutdown()
    }

    @Test func `a test event goes through the pipeline once and reports how the sink answered`() async throws {
        let fixture = try await AlertFixture()
        let receiver = try await WebhookReceiver(key: AlertFixture.key)
        let delivery = fixture.delivery([try self.webhook(receiver)])
        let report = try #require(try await delivery.test(sink: "hook"))
        #expect(report.result == .accepted("HTTP 200"))
        let request = try #require(try receiver.requests().first)
        #expect(request.body["type"] == "test" && request.body["data"]?["test"] == true && request.validSignatures == 1)
        try receiver.answer(500)
        fixture.advance(.seconds(1))
        #expect(try await delivery.test(sink: "hook")?.result == .failed("HTTP 500"))
        #expect(try await delivery.test(sink: "nobody") == nil)
        #expect(try await fixture.messages(.waiting).isEmpty, "a failed test is not tried again")
        try await delivery.shutdown()
    }

    @Test func `a message for a sink that is gone is a dead letter`() async throws {
        let fixture = try await AlertFixture(sinks: ["gone"])
        let delivery = fixture.delivery([])
        try await fixture.record(.attemptFailed(fixture.failed(attempt: 1)))
        try await delivery.deliverDue()
        #expect(try await fixture.messages(.deadLetter).map(\.lastError) == ["no sink of this name is configured"])
        try await delivery.shutdown()
    }

    @Test(arguments: ["whsec_", "whsec_c2hvcnQ=", "plain", "whsec_***"]) func `a bad signing secret is refused, and not repeated`(
        _ secret: String
    ) throws {
        let error = #expect(throws: AlertSink.Invalid.self) {
            try AlertSink(name: "hook", webhook: "https://example.com", signingSecrets: [SecretValue(string: secret)])
        }
        #expect(error == .signingSecret(sink: "hook"))
    }

    private func hook(in fixture: AlertFixture, _ body: String, name: String = "hook") throws -> String {
        let path = try fixture.scratch.write("#!/bin/sh\n\(body)\n", to: name)
        guard chmod(path, 0o700) == 0 else { throw FixtureError("cannot chmod \(path)") }
        return path
    }
}
