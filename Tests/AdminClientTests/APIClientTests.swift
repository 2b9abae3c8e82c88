import AWSAPI
import Access
import AdminClient
import Auditing
import CertificateAuthority
import Encryption
import Foundation
import HTTPServing
import Identities
import Logging
import SecretModel
import ServiceLifecycle
import Storage
import TestSupport
import Testing

/// The command line's client against the daemon's real server: HTTPS, signatures, limits.
@Suite(.timeLimit(.minutes(10))) struct APIClientTests {
    private static let now = Timestamp(microseconds: 1_795_262_400_000_000)
    /// Certificates are checked by the real clock.
    private static var present: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
    private static let secret = SecretValue(string: "an access key's secret")

    private struct Echo: APIOperation {
        let target = "keyturn.Echo"
        let members: [MemberRule] = [.text("Text", 0...2_000_000)]
        let access = AccessRule.everything

        func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
            ["Text": .string(input.string("Text") ?? ""), "Principal": .string(context.caller.principalARN)]
        }
    }

    /// Everything for `ann`, nothing for others.
    private static func rights(of principal: Principal, _: String?) throws -> IdentityDirectory.Rights {
        guard principal.userName == "ann" else { return IdentityDirectory.Rights(policies: IdentityPolicies(policies: [])) }
        let policy = ManagedPolicy.administratorAccess
        let document = try PolicyDocument(parsing: policy.document, as: .identity)
        let attached = AttachedPolicy(name: policy.rawValue, document: document)
        return IdentityDirectory.Rights(policies: IdentityPolicies(policies: [attached]))
    }

    /// Runs `body` with the port of a server that listens on `host`, and the file of its certificate authority.
    private func withServer(on host: String, _ body: @escaping @Sendable (Int, String) async throws -> Void) async throws {
        let directory = try ScratchDirectory("client")
        let authority = try CertificateAuthority.make(named: "test", now: Self.present)
        let identity = try authority.issueServerCertificate(for: [host], now: Self.present)
        let file = directory.path(of: "ca.pem")
        try authority.identity.certificate.write(toFile: file, atomically: true, encoding: .utf8)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let keyring = try Keyring.create(defaultKey: KeyID("default"), rootKey: .random()).keyring
        let store = try await Store.openInMemory()
        let front = FrontDoor(
            router: APIRouter(
                operations: [Echo()],
                audit: AuditRecorder(store: store, trail: AuditTrail(keyring: keyring)),
                authorizer: Authorizer(rights: Self.rights, store: store),
                logger: logger
            ),
            verifier: SignatureVerifier(),
            credential: { id, _ in
                guard id == "AKIDEXAMPLE" else { return nil }
                return AccessCredential(
                    accessKeyID: id,
                    secret: Self.secret,
                    principal: .user(.initial, name: "ann"),
                    uniqueID: "AIDAEXAMPLE"
                )
            },
            unreadiness: { nil },
            now: { Self.now },
            logger: logger,
            bodyDeadline: .seconds(3)
        )
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = try HTTPServer(
            ServingSettings(host: host, port: 0, transport: .tls(try ServerCertificate(chain: identity.certificate, key: identity.key))),
            frontDoor: front,
            logger: logger
        ) { continuation.yield($0) }
        let services = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            // As the daemon ends it: a server whose task is cancelled has no time to give connections up that it has just accepted.
            do {
                try await body(port, file)
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
            await services.triggerGracefulShutdown()
        }
    }

    private func call(
        _ endpoint: String,
        ca: String?,
        secret: SecretValue = Self.secret,
        text: String = "hello / ü"
    ) async throws -> JSONValue {
        let settings = ClientSettings(
            endpoint: endpoint,
            region: try #require(RegionName("eu-west-1")),
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: secret,
            caFile: ca
        )
        return try await APIClient.with(settings, now: { Self.now }) { try await $0.call("keyturn.Echo", ["Text": .string(text)]) }
    }

    @Test("a signed call is answered", arguments: ["127.0.0.1", "::1"])
    func answered(host: String) async throws {
        try await self.withServer(on: host) { port, ca in
            let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            let answer = try await self.call("https://\(authority)", ca: ca)
            #expect(answer == ["Text": "hello / ü", "Principal": "arn:aws:iam::000000000000:user/ann"])
        }
    }

    @Test("a client that sends its body a byte at a time is answered and cut off, and does not hold its connection for ever")
    func slowBody() async throws {
        try await self.withServer(on: "127.0.0.1") { port, ca in
            let output = try await Tool.run([
                "python3", "-c",
                """
                import socket, ssl, sys, time
                client = ssl.create_default_context(cafile=sys.argv[2]).wrap_socket(
                    socket.create_connection(("127.0.0.1", int(sys.argv[1]))), server_hostname="127.0.0.1")
                client.sendall(b"POST / HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nContent-Length: 1000\\r\\n\\r\\n")
                client.settimeout(0.2)
                answer, end = b"", time.monotonic() + 60
                while time.monotonic() < end:
                    try:
                        client.sendall(b"x")
                        part = client.recv(65536)
                    except TimeoutError:
                        continue
                    except OSError:
                        break
                    if not part:
                        break
                    answer += part
                print(answer.split(b"\\r\\n")[0].decode(), "cut off" if time.monotonic() < end else "held")
                """,
                "\(port)", ca,
            ])
            #expect(output == "HTTP/1.1 408 Request Timeout cut off\n")
        }
    }

    @Test("a wrong secret is told from a daemon that is not trusted, and from none at all")
    func refusals() async throws {
        try await self.withServer(on: "127.0.0.1") { port, ca in
            let endpoint = "https://127.0.0.1:\(port)"
            let wrong = await #expect(throws: ClientError.self) {
                _ = try await self.call(endpoint, ca: ca, secret: SecretValue(string: "wrong"))
            }
            #expect(wrong?.isAuthenticationFailure == true)
            guard
                case .unreachable(_, let reason)? = await #expect(
                    throws: ClientError.self,
                    performing: { try await self.call(endpoint, ca: nil) }
                )
            else {
                Issue.record("a daemon without a trusted certificate answered")
                return
            }
            #expect(reason.contains("AWS_CA_BUNDLE"), "\(reason)")
            let long = await #expect(throws: ClientError.self) {
                _ = try await self.call(endpoint, ca: ca, text: String(repeating: "x", count: 1_100_000))
            }
            guard case .refused("RequestEntityTooLargeException", _, _)? = long else {
                Issue.record("a body over the limit: \(String(describing: long))")
                return
            }
        }
    }
}
