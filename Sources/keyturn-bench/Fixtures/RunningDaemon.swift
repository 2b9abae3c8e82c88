import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import TestSupport

/// The real daemon, `keyturn serve`, in a process of its own.
struct RunningDaemon: Sendable {
    enum Transport: Sendable {
        /// As served by default.
        case tls
        case plain
    }

    /// `https://127.0.0.1:PORT`.
    let endpoint: String
    /// From the start of the process to the first answer that it is ready.
    let startUp: Duration
    private let process: ServerProcess

    /// - Throws: `FixtureError` with the end of the log if it does not become ready within a minute.
    static func start(_ installation: BenchInstallation, _ transport: Transport = .tls) async throws -> RunningDaemon {
        let port = try FreePort.next()
        let command = [
            installation.program, "serve", "--data", installation.directory, "--listen", "127.0.0.1:\(port)", "--log-level", "warning",
        ]
        let endpoint = "\(transport == .tls ? "https" : "http")://127.0.0.1:\(port)"
        return try await Self.withClient(trusting: installation.authorityCertificate) { client in
            let start = ContinuousClock.now
            let process = try ServerProcess(
                "daemon",
                command: command + (transport == .tls ? [] : ["--plain-http"]),
                as: nil,
                scratch: try ScratchDirectory("bench"),
                stopSignal: "TERM"
            )
            try await process.waitUntilReady { await Self.answers("\(endpoint)/readyz", client) }
            return RunningDaemon(endpoint: endpoint, startUp: ContinuousClock.now - start, process: process)
        }
    }

    /// Whether a server answers at that address, and well.
    static func answers(_ url: String, _ client: HTTPClient) async -> Bool {
        do {
            return try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(5)).status == .ok
        } catch {
            // Not yet: nobody listens.
            return false
        }
    }

    /// Runs `body` with a client that trusts the authority of an installation.
    static func withClient<Result>(
        trusting certificate: String,
        connections: Int = 1,
        _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.additionalTrustRoots = [.file(certificate)]
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    func memory() throws -> ProcessMemory { try ProcessMemory(of: try self.process.id) }
    func processorTime() throws -> Duration { try ProcessTime.used(by: try self.process.id) }

    func stop() async throws { try await self.process.stop() }
}

extension ServerProcess {
    /// The id of the server itself, not of its supervisor.
    var id: String {
        get throws { try readFile("\(self.logPath).pid").filter { $0 != "\n" } }
    }
}
