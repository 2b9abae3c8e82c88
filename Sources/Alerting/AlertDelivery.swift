import AsyncHTTPClient
package import Logging
package import SecretModel
import ServiceLifecycle
package import Storage

/// Delivers the messages of the outbox: at least once, with retries, each sink on its own, and never in the way of a rotation.
///
/// Everything that it needs to know is in the store: whatever was committed and not delivered when a daemon died, the next one delivers.
package actor AlertDelivery: Service {
    private let store: Store
    private let sinks: [String: AlertSink]
    private let client: HTTPClient
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let pause: Duration
    private let source: String
    private var hasShutDown = false

    private static let batchLimit = 10_000

    /// - Parameters:
    ///   - store: The store whose outbox is delivered.
    ///   - sinks: Messages for others become dead letters.
    ///   - source: The CloudEvents `source` of this installation.
    ///   - logger: Gets one line per message that is delivered late or not at all.
    ///   - pause: How long it rests between two looks at the outbox.
    ///   - now: Wall-clock time.
    package init(
        store: Store,
        sinks: [AlertSink],
        source: String = "/keyturn",
        logger: Logger,
        pause: Duration = .seconds(1),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.sinks = Dictionary(sinks.map { ($0.name, $0) }) { first, _ in first }
        self.client = WebhookTransport.makeClient()
        self.source = source
        self.logger = logger
        self.pause = pause
        self.now = now
    }

    /// Delivers until the service is shut down. An attempt in flight is then ended and counts as not made.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.deliverUntilCancelled() }
        try await self.shutdown()
    }

    /// Ends the HTTP client; for one that was never run.
    package func shutdown() async throws {
        guard !self.hasShutDown else { return }
        self.hasShutDown = true
        try await self.client.shutdown()
    }

    /// One loop per sink, so that one that hangs delays no other; and one for messages whose sink is gone.
    private func deliverUntilCancelled() async {
        await withTaskGroup(of: Void.self) { group in
            for sink in self.lanes { group.addTask { await self.keepDelivering(to: sink) } }
        }
    }

    private func keepDelivering(to sink: String?) async {
        while !Task.isCancelled {
            do {
                try await self.deliverDue(to: sink)
            } catch is CancellationError {
                return
            } catch {
                self.logger.error("The outbox could not be read or written; alerts wait.", metadata: ["error": "\(error)"])
            }
            do {
                try await Task.sleep(for: self.pause)
            } catch {
                // Only cancellation ends a sleep early.
                return
            }
        }
    }

    /// Tries every message whose time has come, once.
    package func deliverDue() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sink in self.lanes { group.addTask { try await self.deliverDue(to: sink) } }
            try await group.waitForAll()
        }
    }

    /// The configured sinks, and `nil` for messages to others.
    private var lanes: [String?] { self.sinks.keys.sorted() + [nil] }

    private func deliverDue(to sink: String?) async throws {
        let known = self.sinks
        let waiting = try await self.store.read { store in
            try store.messages(status: .waiting, limit: AlertDelivery.batchLimit)
                .filter { sink == nil ? known[$0.sink] == nil : $0.sink == sink }
        }
        try await self.deliver(DeliveryBatch.due(waiting, at: self.now()))
    }

    /// In order; a failure holds back the later messages of the same alert.
    private func deliver(_ messages: [OutboxRecord]) async throws {
        var held: Set<String> = []
        for message in messages where !held.contains(DeliveryBatch.alert(of: message)) {
            let result = await self.attempt(message)
            guard !Task.isCancelled else { throw CancellationError() }
            let updated = self.outcome(of: result, for: message)
            if updated.status == .waiting { held.insert(DeliveryBatch.alert(of: message)) }
            try await self.store.write { try $0.update(updated) }
        }
    }

    private func attempt(_ message: OutboxRecord) async -> DeliveryResult {
        guard let sink = self.sinks[message.sink] else { return .refused("no sink of this name is configured") }
        return await self.transport(for: sink).deliver(Notification(id: message.id, body: message.body, at: self.now()))
    }

    private func transport(for sink: AlertSink) -> any SinkTransport {
        switch sink.kind {
        case .webhook(let url, let signer): WebhookTransport(client: self.client, url: url, signer: signer)
        case .exec(let path): ExecTransport(path: path)
        }
    }

    private func outcome(of result: DeliveryResult, for message: OutboxRecord) -> OutboxRecord {
        var message = message
        let now = self.now()
        message.attempts += 1
        switch result {
        case .accepted:
            message.status = .delivered
            message.lastError = nil
        case .refused(let reason):
            message.status = .deadLetter
            message.lastError = reason
        case .failed(let reason, let wanted, let isCounted):
            message.lastError = reason
            let next = self.schedule(of: message.sink).next(
                afterAttempts: message.attempts,
                writtenAt: message.createdAt,
                now: now,
                wanted: wanted,
                isCounted: isCounted,
                id: message.id
            )
            switch next {
            case .retry(let at): message.nextAttemptAt = at
            case .deadLetter: message.status = .deadLetter
            }
        }
        self.log(message)
        return message
    }

    private func schedule(of sink: String) -> DeliverySchedule {
        switch self.sinks[sink]?.kind {
        case .exec: .exec
        case .webhook, nil: .webhook
        }
    }

    /// A failing sink is told at its first failure and when it gives up; the retries in between are detail.
    private func log(_ message: OutboxRecord) {
        let metadata: Logger.Metadata = [
            "sink": "\(message.sink)", "message": "\(message.id)", "attempt": "\(message.attempts)", "error": "\(message.lastError ?? "")",
        ]
        switch message.status {
        case .delivered: self.logger.debug("Alert delivered.", metadata: metadata)
        case .deadLetter: self.logger.error("Alert not delivered: it is a dead letter now.", metadata: metadata)
        case .waiting:
            self.logger.log(level: message.attempts == 1 ? .warning : .debug, "Alert not delivered yet.", metadata: metadata)
        }
    }
}

extension AlertDelivery {
    /// What a test of a sink brought.
    package struct TestReport: Hashable, Sendable {
        package let sink: String
        package let result: DeliveryResult
        package let latency: Duration
    }

    /// Sends a test event (`"test":true`) through outbox and transport, once, and reports how the sink answered.
    ///
    /// - Returns: `nil` if there is no sink of this name.
    package func test(sink name: String) async throws -> TestReport? {
        guard self.sinks[name] != nil else { return nil }
        let now = self.now()
        let id = "evt_\(AlertFingerprint.digest("test\n\(name)\n\(now.microseconds)").prefix(32))"
        let data: JSONValue = ["message": .string("This is a test of the sink \(name)."), "test": true]
        let body = NotificationComposer(source: self.source)
            .body(id: id, type: AlertDefinition.testEventType, subject: nil, data: data, at: now)
        var message = OutboxRecord(id: id, sink: name, createdAt: now, body: body.text)
        // Not the loop's to deliver while it is tried here.
        message.nextAttemptAt = now + .minutes(5)
        let written = message
        try await self.store.write { try $0.insert(written) }
        let start = ContinuousClock.now
        let result = await self.attempt(written)
        var done = written
        done.attempts = 1
        switch result {
        case .accepted: done.status = .delivered
        case .failed(let reason, _, _), .refused(let reason):
            done.status = .deadLetter
            done.lastError = reason
        }
        let updated = done
        try await self.store.write { try $0.update(updated) }
        return TestReport(sink: name, result: result, latency: ContinuousClock.now - start)
    }

    /// The configured sinks, by name.
    package var sinkNames: [String] { self.sinks.keys.sorted() }
}
