import PostgresClient
import SecretModel
import TestSupport
import Testing

@Suite("TLS to PostgreSQL (W3)")
struct PostgresTLSTests {
    /// A server with TLS, its authority, and another authority. Started once for the suite.
    private static let fixture = Task {
        let (authority, stranger) = (try await TestAuthority(), try await TestAuthority())
        let issued = try await authority.issue(for: ["DNS:localhost", "IP:127.0.0.1"])
        let server = try await PostgresServer.start(
            settings: ["ssl = on", "ssl_cert_file = 'server.crt'", "ssl_key_file = 'server.key'"],
            files: ["server.crt": issued.certificate, "server.key": issued.key]
        )
        return (server: server, authority: authority, stranger: stranger)
    }

    private func outcome(
        _ host: String,
        port: Int,
        tls: PostgresLogin.TLS,
        trusting authority: TestAuthority?,
        hadNoTLS: Bool = false
    ) async throws -> String {
        var login = PostgresLogin(
            host: host,
            port: port,
            username: "postgres",
            password: SecretValue(string: PostgresServer.superuserPassword),
            database: "postgres",
            tls: tls,
            authoritiesFile: authority?.certificatePath
        )
        login.hadNoTLS = hadNoTLS
        do {
            return try await PostgresAccount.client.withConnection(to: login, deadline: .now + .seconds(60)) {
                $0.usesTLS ? "TLS" : "clear"
            }
        } catch {
            return error.kind.rawValue
        }
    }

    @Test("A server that offers TLS gets verified TLS, or no login at all")
    func offered() async throws {
        let (server, authority, stranger) = try await Self.fixture.value
        #expect(try await self.outcome("127.0.0.1", port: server.port, tls: .verified, trusting: authority) == "TLS")
        #expect(try await self.outcome("localhost", port: server.port, tls: .verifiedIfOffered, trusting: authority) == "TLS")
        #expect(try await self.outcome("127.0.0.1", port: server.port, tls: .verified, trusting: stranger) == "tls")
        #expect(try await self.outcome("127.0.0.1", port: server.port, tls: .verifiedIfOffered, trusting: stranger) == "tls")
        #expect(try await self.outcome("127.0.0.1", port: server.port, tls: .verifiedIfOffered, trusting: nil) == "tls")
        #expect(
            try await self.outcome("::1", port: server.port, tls: .verified, trusting: authority) == "tls",
            "not a name of the certificate"
        )
        #expect(try await self.outcome("127.0.0.1", port: server.port, tls: .off, trusting: nil) == "clear")
    }

    @Test("A server without TLS is refused when TLS is required, and gets clear text from this machine only")
    func notOffered() async throws {
        let server = try await PostgresServer.shared()
        #expect(try await self.outcome("127.0.0.1", port: server.port, tls: .verified, trusting: nil) == "tls")
        #expect(try await self.outcome("127.0.0.1", port: server.port, tls: .verifiedIfOffered, trusting: nil) == "clear")
    }

    @Test("W3 That a server had no TLS a moment ago counts for nothing once it has")
    func offeredByNow() async throws {
        let (server, authority, stranger) = try await Self.fixture.value
        let port = server.port
        #expect(try await self.outcome("127.0.0.1", port: port, tls: .verifiedIfOffered, trusting: authority, hadNoTLS: true) == "TLS")
        #expect(try await self.outcome("127.0.0.1", port: port, tls: .verifiedIfOffered, trusting: stranger, hadNoTLS: true) == "tls")
        let plain = try await PostgresServer.shared().port
        #expect(try await self.outcome("127.0.0.1", port: plain, tls: .verifiedIfOffered, trusting: nil, hadNoTLS: true) == "clear")
        #expect(try await self.outcome("127.0.0.1", port: plain, tls: .verified, trusting: nil, hadNoTLS: true) == "tls")
    }

    @Test("What counts as this machine")
    func local() {
        for host in ["localhost", "127.0.0.1", "127.1.2.3", "::1", "/run/postgresql"] { #expect(PostgresLogin.isLocal(host), "\(host)") }
        for host in ["127.0.0.1.example.com", "128.0.0.1", "localhost.example.com", "::", "127.0.0.256"] {
            #expect(!PostgresLogin.isLocal(host), "\(host)")
        }
    }
}
