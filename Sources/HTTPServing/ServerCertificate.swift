import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
package import SecretModel

/// The certificate and key that clients are shown. They can be exchanged while the server runs: connections that are open keep theirs.
package final class ServerCertificate: Sendable {
    private let shown: NIOLockedValueBox<NIOSSLContextConfigurationOverride>
    private let initial: TLSConfiguration

    /// - Parameters:
    ///   - chain: PEM, the server's own certificate first.
    ///   - key: PEM.
    /// - Throws: `ServingError.unusableCertificate` if either cannot be read, or the key is not the certificate's.
    package init(chain: String, key: SecretValue) throws(ServingError) {
        self.initial = try Self.configuration(chain: chain, key: key)
        self.shown = NIOLockedValueBox(Self.pair(of: self.initial))
    }

    /// Shows another certificate to whoever connects from now on.
    ///
    /// - Throws: `ServingError.unusableCertificate`, and the one before stays.
    package func replace(chain: String, key: SecretValue) throws(ServingError) {
        let pair = Self.pair(of: try Self.configuration(chain: chain, key: key))
        self.shown.withLockedValue { $0 = pair }
    }

    /// TLS 1.2 and 1.3, forward secrecy and authenticated encryption only.
    var configuration: TLSConfiguration {
        var configuration = self.initial
        configuration.sslContextCallback = { [shown] _, promise in promise.succeed(shown.withLockedValue { $0 }) }
        return configuration
    }

    private static func configuration(chain: String, key: SecretValue) throws(ServingError) -> TLSConfiguration {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(chain.utf8)).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: key.bytes, format: .pem))
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
            // Says whether certificate and key belong together.
            _ = try NIOSSLContext(configuration: configuration)
            return configuration
        } catch {
            throw .unusableCertificate("\(error)")
        }
    }

    private static func pair(of configuration: TLSConfiguration) -> NIOSSLContextConfigurationOverride {
        var pair = NIOSSLContextConfigurationOverride()
        pair.certificateChain = configuration.certificateChain
        pair.privateKey = configuration.privateKey
        return pair
    }
}
