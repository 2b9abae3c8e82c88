import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP or HTTPS server: a service that stops accepting on graceful shutdown and answers what it has accepted.
package struct HTTPServer: Service {
    private let application: Application<CallbackResponder<ConnectionContext>>

    /// - Parameter onRunning: Told the port once the server accepts connections.
    /// - Throws: `ServingError` if the certificate or key cannot be used.
    package init(
        _ settings: ServingSettings,
        frontDoor: FrontDoor,
        logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) throws(ServingError) {
        self.application = Application(
            responder: CallbackResponder { request, context in await frontDoor.respond(to: request, by: context) },
            server: try Self.server(for: settings.transport),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: MaximumAvailableConnections(ServingSettings.maximumConnections)
            ),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? settings.port) },
            logger: logger
        )
    }

    /// - Throws: `ServingError` if the address cannot be bound.
    package func run() async throws {
        do {
            try await self.application.run()
        } catch let error as IOError {
            throw ServingError.notBound(errno: error.errnoCode, String(cString: strerror(error.errnoCode)))
        }
    }

    private static func server(for transport: ServingSettings.Transport) throws(ServingError) -> HTTPServerBuilder {
        let channel = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [ConnectionDeadlines()],
                idleTimeout: .init(ServingSettings.idleTimeout),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: ServingSettings.maximumHeaderSize,
                    maxHeaderListSize: ServingSettings.maximumHeadSize,
                    maxHeaderFieldCount: ServingSettings.maximumHeaderCount
                )
            )
        )
        guard case .tls(let certificate) = transport else { return channel }
        do {
            return try .tls(channel, tlsConfiguration: certificate.configuration)
        } catch {
            throw .unusableCertificate("\(error)")
        }
    }
}

/// Why the daemon cannot listen.
package enum ServingError: Error, Hashable, Sendable {
    case unusableCertificate(String)
    /// The address is taken, not ours, or needs a privilege.
    case notBound(errno: Int32, String)
}
