import ArgumentParser
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

/// The least that an HTTP server of this kind does: reads a request and answers always the same. Called by `HTTPBenchmark`.
struct BareServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bare-server", abstract: "Part of `http`.", shouldDisplay: false)

    @Option(help: "The port of 127.0.0.1.")
    var port: Int

    @Option(help: "The file with the answer's body.")
    var answer: String

    @Option(help: "The file with certificate and key; HTTP without.")
    var identity: String?

    func run() async throws {
        let answer = ByteBuffer(bytes: try Data(contentsOf: URL(fileURLWithPath: self.answer)))
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            _ = try await request.body.collect(upTo: 1 << 20)
            return Response(status: .ok, headers: [.contentType: "application/x-amz-json-1.1"], body: ResponseBody(byteBuffer: answer))
        }
        let application = Application(
            responder: responder,
            server: try self.server(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: self.port)),
            logger: Logger(label: "bare") { _ in SwiftLogNoOpLogHandler() }
        )
        try await application.runService()
    }

    private func server() throws -> HTTPServerBuilder {
        guard let identity else { return .http1() }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: identity)))
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(bytes).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: bytes, format: .pem))
        )
        configuration.minimumTLSVersion = .tlsv12
        return try .tls(.http1(), tlsConfiguration: configuration)
    }
}
