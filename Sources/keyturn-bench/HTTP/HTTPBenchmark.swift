import AsyncHTTPClient
import Foundation
import NIOCore
import SecretModel
import TestSupport

/// (d) of the benchmarks: what a signed, decrypted, logged-in answer costs beside the same bytes given to anyone.
enum HTTPBenchmark: Benchmark {
    static let name = "http"
    static let summary = "GetSecretValue of the real daemon beside a bare Hummingbird server that answers the same bytes"

    private static let connections = [1, 8, 32]
    private static let secrets = 100
    /// Daemon and bare server take turns, so that a busy moment of the machine hits both.
    private static let rounds = 3

    static func run(_ options: BenchmarkOptions) async throws -> [Figure] {
        let installation = try await BenchInstallation.make(in: "\(options.scratch)/data", keyturn: options.keyturn)
        try await ScaleStore(installation: installation, whole: Self.secrets, count: Self.secrets).fill(at: .current)
        var figures: [Figure] = []
        for transport in [RunningDaemon.Transport.tls, .plain] {
            let daemon = try await RunningDaemon.start(installation, transport)
            figures += try await self.measure(daemon, transport, installation, options)
            try await daemon.stop()
        }
        return figures
    }

    private static func measure(
        _ daemon: RunningDaemon,
        _ transport: RunningDaemon.Transport,
        _ installation: BenchInstallation,
        _ options: BenchmarkOptions
    ) async throws -> [Figure] {
        try await RunningDaemon.withClient(trusting: installation.authorityCertificate, connections: Self.connections.max() ?? 1) {
            client in
            let names = (0..<Self.secrets).map(ScaleStore.name)
            let signed = try SignedRequests(for: names, to: daemon.endpoint, by: installation.administratorKey, at: .current)
            let answer = "\(options.scratch)/answer.json"
            let response = try await client.execute(signed.all[0], timeout: .seconds(30))
            try Data(try await response.body.collect(upTo: 1 << 20).readableBytesView).write(to: URL(fileURLWithPath: answer))
            let bare = try await BareServer.start(answer: answer, identity: transport == .tls ? installation.serverIdentity : nil, client)
            let unsigned = try SignedRequests(for: names, to: bare.endpoint, by: installation.administratorKey, at: .current)

            var figures: [Figure] = []
            for connections in Self.connections {
                let load = HTTPLoad(client: client, connections: connections)
                let slice: Duration = options.isQuick ? .milliseconds(200) : .seconds(1)
                // Connections are opened, caches filled, and the first access of the day is noted before anything counts.
                _ = try await load.run(unsigned.all, for: slice, processorTime: bare.processorTime)
                _ = try await load.run(signed.all, for: slice, processorTime: daemon.processorTime)
                var outcome = (daemon: HTTPLoad.Outcome(), bare: HTTPLoad.Outcome())
                for _ in 0..<Self.rounds {
                    outcome.bare.add(try await load.run(unsigned.all, for: slice, processorTime: bare.processorTime))
                    outcome.daemon.add(try await load.run(signed.all, for: slice, processorTime: daemon.processorTime))
                }
                figures += self.figures("\(transport)-\(connections)", outcome.daemon, beside: outcome.bare)
            }
            try await bare.stop()
            return figures
        }
    }

    private static func figures(_ name: String, _ daemon: HTTPLoad.Outcome, beside bare: HTTPLoad.Outcome) -> [Figure] {
        func figure(_ kind: String, _ unit: String, _ value: (HTTPLoad.Outcome) -> Double) -> Figure {
            Figure(
                name: "\(self.name)/\(name)-\(kind)",
                value: value(daemon),
                unit: unit,
                baseline: value(bare),
                baselineName: "bare Hummingbird"
            )
        }
        return [
            figure("rate", "1/s") { $0.rate },
            figure("median", "ms") { $0.samples.median },
            figure("p99", "ms") { $0.samples.percentile(0.99) },
            figure("processor-time", "µs") { $0.cost },
        ]
    }
}
