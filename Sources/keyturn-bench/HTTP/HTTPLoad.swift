import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TestSupport

/// Sends requests over some connections, each the next as soon as the last is answered.
struct HTTPLoad: Sendable {
    let client: HTTPClient
    let connections: Int

    /// What came of it: how long each request took, and how many were answered in a second.
    struct Outcome: Sendable {
        var samples = Samples()
        var elapsed = Duration.zero
        /// Of the server.
        var processorTime = Duration.zero

        var rate: Double { Double(self.samples.count) / (self.elapsed / .seconds(1)) }

        /// The server's processor time for one request, in microseconds.
        var cost: Double { self.processorTime / .microseconds(1) / Double(max(1, self.samples.count)) }

        mutating func add(_ other: Outcome) {
            self.samples = Samples(merging: [self.samples, other.samples])
            self.elapsed += other.elapsed
            self.processorTime += other.processorTime
        }
    }

    /// - Parameter processorTime: That the server has used so far.
    /// - Throws: `FixtureError` if a request is refused.
    func run(_ requests: [HTTPClientRequest], for duration: Duration, processorTime: () throws -> Duration) async throws -> Outcome {
        let (start, used) = (ContinuousClock.now, try processorTime())
        let parts = try await withThrowingTaskGroup(of: Samples.self) { group in
            for connection in 0..<self.connections {
                group.addTask { try await self.send(requests, from: connection, until: start + duration) }
            }
            return try await group.reduce(into: [Samples]()) { $0.append($1) }
        }
        return Outcome(
            samples: Samples(merging: parts),
            elapsed: ContinuousClock.now - start,
            processorTime: try processorTime() - used
        )
    }

    private func send(_ requests: [HTTPClientRequest], from first: Int, until end: ContinuousClock.Instant) async throws -> Samples {
        var durations: [Duration] = []
        var (index, now) = (first, ContinuousClock.now)
        while now < end {
            let response = try await self.client.execute(requests[index % requests.count], timeout: .seconds(30))
            let body = try await response.body.collect(upTo: 1 << 20)
            guard response.status == .ok else {
                throw FixtureError("HTTP \(response.status.code): \(String(buffer: body).prefix(300))")
            }
            let answered = ContinuousClock.now
            durations.append(answered - now)
            (index, now) = (index + 1, answered)
        }
        return Samples(durations)
    }
}
