import Alerting
import Foundation
import Logging
import NIOConcurrencyHelpers
import RotationModel
import SecretModel
import Storage
import TestSupport

/// A store of its own, a secret with a run, and a clock that the test moves.
final class AlertFixture: Sendable {
    let scratch: ScratchDirectory
    let store: Store
    let recorder: AlertRecorder
    let secret: SecretRecord
    let run: RunRecord
    private let time = NIOLockedValueBox(Timestamp(seconds: 1_795_000_000))

    static let key = Data((0..<32).map { UInt8($0) }).base64EncodedString()
    static let otherKey = Data((0..<32).map { UInt8($0 + 100) }).base64EncodedString()

    init(sinks: [String] = ["hook"]) async throws {
        self.scratch = try ScratchDirectory("alerts")
        self.store = try await Store.open(path: self.scratch.path(of: "keyturn.db"))
        self.recorder = AlertRecorder(sinks: sinks, source: "/keyturn/test")
        guard let arn = SecretARN("arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/db/app-AbCdEf"),
            let token = VersionID("11111111-2222-4333-8444-555555555555"), let rotator = RotatorName("postgres-single-user")
        else { throw FixtureError("bad names") }
        let start = self.time.withLockedValue { $0 }
        var secret = SecretRecord(arn: arn, createdAt: start)
        secret.tags = [Tag(key: "team", value: "payments")]
        var rotation = RotationRecord(rotator: rotator, lambdaARN: "arn:aws:lambda:eu-west-1:000000000000:function:postgres-single-user")
        rotation.nextWindow = RotationWindow(start: start + .days(30), end: start + .days(31))
        rotation.maxAgeDeadline = start + .days(2)
        secret.rotation = rotation
        self.secret = secret
        self.run = RunRecord(
            id: RunID(secret: arn, token: token),
            trigger: .schedule,
            rotator: rotator,
            strategy: .singleUser,
            startedAt: start,
            window: nil,
            target: "postgres://10.0.0.5:5432",
            boundAccount: nil
        )
        let stored = secret
        try await self.store.write { try $0.insert(stored) }
    }

    var now: Timestamp { self.time.withLockedValue { $0 } }

    func advance(_ duration: Duration) { self.time.withLockedValue { $0 = $0 + duration } }

    func delivery(_ sinks: [AlertSink]) -> AlertDelivery {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return AlertDelivery(store: self.store, sinks: sinks, logger: logger, pause: .milliseconds(10)) { self.now }
    }

    /// The run after a failed attempt.
    func failed(attempt: Int, _ code: RotationFailure.Code = .targetUnreachable) -> RunRecord {
        var run = self.run
        run.attempt = attempt
        run.state = .waiting
        run.failedStep = .setSecret
        run.failure = RotationFailure(code, "connect 10.0.0.5:5432: connection refused", hint: "Start the server.")
        run.candidates = [.current: CandidateStatus(outcome: .accepted, at: self.now)]
        run.nextAttemptAt = self.now + .minutes(1)
        return run
    }

    func record(_ event: AlertRecorder.Event) async throws {
        let (secret, now, recorder) = (self.secret, self.now, self.recorder)
        try await self.store.write { try recorder.record(event, of: secret, at: now, in: $0) }
        self.advance(.seconds(60))
    }

    /// All messages that were ever written and wait, as documents.
    func waiting() async throws -> [JSONValue] {
        try await self.store.read { try $0.messages(status: .waiting, limit: 100) }.map { try JSONValue(parsing: $0.body) }
    }

    func messages(_ status: OutboxRecord.Status) async throws -> [OutboxRecord] {
        try await self.store.read { try $0.messages(status: status, limit: 100) }
    }
}
