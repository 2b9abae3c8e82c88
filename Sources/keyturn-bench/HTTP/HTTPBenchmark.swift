import AsyncHTTPClient
import SecretModel
import TestSupport

/// (d) of the benchmarks: what an answer costs that was signed, decided by a policy, decrypted and put on record on disk, beside the same
/// bytes given to anyone; and whether very many secrets in the store change it.
enum HTTPBenchmark: Benchmark {
    static let name = "http"
    static let summary = "GetSecretValue of the real daemon beside a bare Hummingbird server that answers the same bytes"

    private static let connections = [1, 16, 64]
    private static let most = 64
    /// Those that are asked for, which is all that the smaller store has.
    private static let secrets = 100
    private static let many = 200_000
    /// The servers take turns, so that a busy moment of the machine hits all.
    private static let rounds = 3

    static func run(_ options: BenchmarkOptions) async throws -> [Figure] {
        let few = try await self.installation("few", of: self.secrets, options)
        let many = try await self.installation("many", of: options.amount(self.many), options)
        var figures: [Figure] = []
        for transport in [RunningDaemon.Transport.tls, .plain] {
            figures += try await RunningDaemon.withClient(trusting: few.installation.authorityCertificate, connections: self.most) {
                client in
                try await RunningDaemon.withClient(trusting: many.installation.authorityCertificate, connections: self.most) { other in
                    let names = (0..<Self.secrets).map(ScaleStore.name)
                    return try await self.measure(
                        transport,
                        daemon: try await HTTPSubject.daemon(few, transport, names, client),
                        crowded: try await HTTPSubject.daemon(many, transport, names, other),
                        identity: transport == .tls ? few.installation.serverIdentity : nil,
                        options
                    )
                }
            }
        }
        return figures
    }

    private static func installation(_ name: String, of count: Int, _ options: BenchmarkOptions) async throws -> HTTPInstallation {
        let installation = try await BenchInstallation.make(in: "\(options.scratch)/\(name)", keyturn: options.keyturn)
        try await ScaleStore(installation: installation, whole: self.secrets, count: count).fill(at: .current)
        let daemon = try await RunningDaemon.start(installation)
        let reader = try await BenchReader.make(in: installation, of: daemon, scratch: options.scratch)
        try await daemon.stop()
        return HTTPInstallation(installation: installation, reader: reader)
    }

    private static func measure(
        _ transport: RunningDaemon.Transport,
        daemon: HTTPSubject,
        crowded: HTTPSubject,
        identity: String?,
        _ options: BenchmarkOptions
    ) async throws -> [Figure] {
        let bare = try await HTTPSubject.bare(like: daemon, identity: identity, options)
        var figures: [Figure] = []
        for connections in Self.connections {
            let isMost = connections == Self.most
            let subjects = [bare, daemon] + (isMost ? [crowded] : [])
            let slice: Duration = options.isQuick ? .milliseconds(200) : .seconds(1)
            var outcomes = subjects.map { _ in HTTPLoad.Outcome() }
            // In the first round connections are opened, caches filled, and the first access of the day is noted: it does not count.
            for round in 0...Self.rounds {
                for (index, subject) in subjects.enumerated() {
                    let outcome = try await subject.load(over: connections, for: slice)
                    if round > 0 { outcomes[index].add(outcome) }
                }
            }
            figures += self.figures("\(transport)-\(connections)", outcomes[1], beside: outcomes[0], hasGoals: isMost)
            if isMost {
                figures.append(
                    Figure(
                        name: "\(self.name)/\(transport)-\(connections)-many-secrets-rate",
                        value: outcomes[2].rate,
                        unit: "1/s",
                        baseline: outcomes[1].rate,
                        baselineName: "\(self.secrets) secrets",
                        goal: .ratioAtLeast(0.9)
                    )
                )
            }
        }
        for subject in [bare, daemon, crowded] { try await subject.stop() }
        return figures
    }

    /// - Parameter hasGoals: Whether half of the bare server's rate, and 10 ms for 99 of 100 requests, are asked for.
    private static func figures(
        _ name: String,
        _ daemon: HTTPLoad.Outcome,
        beside bare: HTTPLoad.Outcome,
        hasGoals: Bool
    ) -> [Figure] {
        func figure(_ kind: String, _ unit: String, goal: Goal? = nil, _ value: (HTTPLoad.Outcome) -> Double) -> Figure {
            Figure(
                name: "\(self.name)/\(name)-\(kind)",
                value: value(daemon),
                unit: unit,
                baseline: value(bare),
                baselineName: "bare Hummingbird",
                goal: hasGoals ? goal : nil
            )
        }
        return [
            figure("rate", "1/s", goal: .ratioAtLeast(0.5)) { $0.rate },
            figure("median", "ms") { $0.samples.median },
            figure("p99", "ms", goal: .atMost(10)) { $0.samples.percentile(0.99) },
            figure("processor-time", "µs") { $0.cost },
        ]
    }
}
