import AsyncHTTPClient
import Foundation
import NIOHTTP1
import TestSupport

/// A bare Hummingbird server in a process of its own.
struct BareServer: Sendable {
    let endpoint: String
    private let process: ServerProcess

    /// - Parameters:
    ///   - answer: The file with the body of every answer.
    ///   - identity: The file with certificate and key; HTTP without.
    static func start(answer: String, identity: String?, _ client: HTTPClient) async throws -> BareServer {
        let port = try FreePort.next()
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let endpoint = "\(identity == nil ? "http" : "https")://127.0.0.1:\(port)"
        let process = try ServerProcess(
            "bare",
            command: [program, "bare-server", "--port", "\(port)", "--answer", answer] + (identity.map { ["--identity", $0] } ?? []),
            as: nil,
            scratch: try ScratchDirectory("bench"),
            stopSignal: "TERM"
        )
        try await process.waitUntilReady { await RunningDaemon.answers("\(endpoint)/", client) }
        return BareServer(endpoint: endpoint, process: process)
    }

    func processorTime() throws -> Duration { try ProcessTime.used(by: try self.process.id) }
    func stop() async throws { try await self.process.stop() }
}
