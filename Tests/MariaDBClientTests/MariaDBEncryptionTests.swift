import MariaDBClient
import SecretModel
import TestSupport
import Testing

@Suite("W3 TLS to a real MariaDB server", .timeLimit(.minutes(10)))
struct MariaDBEncryptionTests {
    /// A server with a certificate for 127.0.0.1, and the path of its authority.
    static func secureServer() async throws -> (server: MariaDBServer, authority: String, scratch: ScratchDirectory) {
        let scratch = try ScratchDirectory("tls")
        func openssl(_ arguments: String...) async throws { try await Tool.run(["openssl"] + arguments) }
        let (key, authority) = (scratch.path(of: "ca.key"), scratch.path(of: "ca.pem"))
        try await openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            key,
            "-out",
            authority,
            "-subj",
            "/CN=test authority",
            "-days",
            "2"
        )
        let (serverKey, request, certificate) = (scratch.path(of: "s.key"), scratch.path(of: "s.csr"), scratch.path(of: "s.pem"))
        try await openssl(
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            serverKey,
            "-out",
            request,
            "-subj",
            "/CN=127.0.0.1"
        )
        let names = try scratch.write("subjectAltName = IP:127.0.0.1\n", to: "names")
        try await openssl(
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            authority,
            "-CAkey",
            key,
            "-CAcreateserial",
            "-out",
            certificate,
            "-days",
            "2",
            "-extfile",
            names
        )
        let server = try await MariaDBServer.start(
            settings: ["--ssl-cert=SCRATCH/s.pem", "--ssl-key=SCRATCH/s.key", "--ssl-ca=SCRATCH/ca.pem"],
            files: ["s.pem": try readFile(certificate), "s.key": try readFile(serverKey), "ca.pem": try readFile(authority)]
        )
        return (server, authority, scratch)
    }

    static func isEncrypted(_ login: MariaDBLogin) async throws -> Bool {
        try await MariaDBConnectionTests.client.withConnection(login, deadline: .now + .seconds(60)) { $0.isEncrypted }
    }

    static func login(_ server: MariaDBServer, _ encryption: MariaDBLogin.Encryption, authority: String? = nil) -> MariaDBLogin {
        MariaDBConnectionTests.login(server, encryption: encryption, authorityFile: authority)
    }

    @Test("a server that offers TLS gets it, verified, whether the secret asks or not; only `false` is clear text")
    func offered() async throws {
        let (server, authority, scratch) = try await Self.secureServer()
        #expect(try await Self.isEncrypted(Self.login(server, .whenOffered, authority: authority)))
        #expect(try await Self.isEncrypted(Self.login(server, .required, authority: authority)))
        #expect(try await !Self.isEncrypted(Self.login(server, .none)))
        withExtendedLifetime(scratch) {}
    }

    @Test(
        "a certificate that does not verify is an error, never a reason for clear text",
        arguments: [MariaDBLogin.Encryption.whenOffered, .required]
    )
    func unverified(encryption: MariaDBLogin.Encryption) async throws {
        let (server, authority, scratch) = try await Self.secureServer()
        #expect(await MariaDBConnectionTests.failure(Self.login(server, encryption))?.kind == .tls)
        let byName = MariaDBLogin(
            endpoint: .tcp(host: "127.0.0.2", port: server.port),
            user: "root",
            password: SecretValue(string: MariaDBServer.rootPassword),
            encryption: encryption,
            authorityFile: authority
        )
        // The server listens on 127.0.0.1 only: nothing answers under another name.
        #expect(await MariaDBConnectionTests.failure(byName)?.kind == .unreachable)
        withExtendedLifetime(scratch) {}
    }

    @Test("W3 that a server had no TLS a moment ago counts for nothing once it offers it")
    func offeredByNow() async throws {
        let (server, authority, scratch) = try await Self.secureServer()
        var login = Self.login(server, .whenOffered, authority: authority)
        login.hadNoTLS = true
        #expect(try await Self.isEncrypted(login))
        login = Self.login(server, .whenOffered)
        login.hadNoTLS = true
        #expect(await MariaDBConnectionTests.failure(login)?.kind == .tls)
        login = Self.login(try await MariaDBServer.shared(), .whenOffered)
        login.hadNoTLS = true
        #expect(try await !Self.isEncrypted(login))
        withExtendedLifetime(scratch) {}
    }

    @Test("W5 an account that requires TLS, met in clear text, is no refused password; a wrong password still is one")
    func required() async throws {
        let (server, _, scratch) = try await Self.secureServer()
        try await server.sql(
            "CREATE USER strict@'%' IDENTIFIED BY 'right' REQUIRE SSL; CREATE USER locked@'%' IDENTIFIED BY 'right' REQUIRE SSL ACCOUNT LOCK"
        )
        func kind(_ user: String, _ password: String) async -> MariaDBError.Kind? {
            await MariaDBConnectionTests.failure(MariaDBConnectionTests.login(server, user: user, password: password, encryption: .none))?
                .kind
        }
        #expect(await kind("strict", "right") == .tls)
        #expect(await kind("strict", "wrong") == .refused)
        #expect(await kind("nobody", "right") == .refused)
        #expect(await kind("locked", "wrong") == .refused)
        withExtendedLifetime(scratch) {}
    }

    @Test("a server without TLS: `required` fails, `whenOffered` is clear text on loopback")
    func notOffered() async throws {
        let server = try await MariaDBServer.shared()
        #expect(await MariaDBConnectionTests.failure(Self.login(server, .required))?.kind == .tls)
        #expect(try await !Self.isEncrypted(Self.login(server, .whenOffered)))
        #expect(MariaDBLogin.Endpoint.tcp(host: "db.example.com", port: 3306).isLocal == false)
        #expect(MariaDBLogin.Endpoint.tcp(host: "127.example.com", port: 3306).isLocal == false)
    }
}
