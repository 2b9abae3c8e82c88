import Access
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SecretModel
import TestSupport

/// An installation, and a user who may read its secrets.
struct HTTPInstallation: Sendable {
    let installation: BenchInstallation
    let reader: AccessKey
}

/// A server that is put under load, with the requests that it is sent.
struct HTTPSubject: Sendable {
    private let requests: [HTTPClientRequest]
    private let client: HTTPClient
    private let processorTime: @Sendable () throws -> Duration
    let stop: @Sendable () async throws -> Void

    static func daemon(
        _ served: HTTPInstallation,
        _ transport: RunningDaemon.Transport,
        _ names: [String],
        _ client: HTTPClient
    ) async throws -> HTTPSubject {
        let daemon = try await RunningDaemon.start(served.installation, transport)
        return HTTPSubject(
            requests: try SignedRequests(for: names, to: daemon.endpoint, by: served.reader, at: .current).all,
            client: client,
            processorTime: { try daemon.processorTime() },
            stop: { try await daemon.stop() }
        )
    }

    /// Answers everyone with what the daemon answers to the first request.
    ///
    /// - Parameter identity: The daemon's certificate and key; `nil` to serve without TLS.
    static func bare(like daemon: HTTPSubject, identity: String?, _ options: BenchmarkOptions) async throws -> HTTPSubject {
        let (answer, client) = ("\(options.scratch)/answer.json", daemon.client)
        let response = try await client.execute(daemon.requests[0], timeout: .seconds(30))
        try Data(try await response.body.collect(upTo: 1 << 20).readableBytesView).write(to: URL(fileURLWithPath: answer))
        let bare = try await BareServer.start(answer: answer, identity: identity, client)
        return HTTPSubject(
            requests: daemon.requests.map { request in
                var request = request
                request.url = "\(bare.endpoint)/"
                request.headers.remove(name: "Host")
                return request
            },
            client: client,
            processorTime: { try bare.processorTime() },
            stop: { try await bare.stop() }
        )
    }

    func load(over connections: Int, for duration: Duration) async throws -> HTTPLoad.Outcome {
        let load = HTTPLoad(client: self.client, connections: connections)
        return try await load.run(self.requests, for: duration, processorTime: self.processorTime)
    }
}
