import Foundation
import Glibc
import TestSupport
import Testing

/// The certificate that clients are shown, exchanged while the daemon runs.
@Suite(.timeLimit(.minutes(10))) struct CertificateTests {
    let scratch: ScratchDirectory

    init() throws { self.scratch = try ScratchDirectory("certificate") }

    /// Makes a self-signed certificate and puts it where the daemon looks.
    private func install(_ name: String) async throws {
        let directory = self.scratch.path
        try await self.sh(
            """
            cd \(directory)
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=\(name) -days 2 \
                -keyout new-key.pem -out new.pem 2>/dev/null
            chmod 600 new-key.pem
            mv new-key.pem key.pem
            mv new.pem certificate.pem
            """
        )
    }

    private func sh(_ script: String) async throws {
        let result = try await Command.run(["sh", "-ec", script])
        guard result.exitCode == 0 else { throw FixtureError("\(script): \(result.errors)") }
    }

    private func subject(_ port: Int) async throws -> String {
        let shown = "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject"
        return try await Command.run(["sh", "-c", shown]).output.filter { !$0.isWhitespace }
    }

    @Test func `a new certificate is shown without a restart, a broken one is not`() async throws {
        let data = self.scratch.path(of: "data")
        #expect(try await Command.keyturn("init", "--data", data).exitCode == 0)
        try await self.install("one")
        let files = "tls: {certificate: \(self.scratch.path)/certificate.pem, key: \(self.scratch.path)/key.pem}\n"
        try files.write(toFile: "\(data)/keyturn.yaml", atomically: true, encoding: .utf8)
        let port = try FreePort.next()
        let server = try ServerProcess(
            "keyturn",
            command: [Command.keyturn, "serve", "--data", data, "--listen", "127.0.0.1:\(port)"],
            as: nil,
            scratch: try ScratchDirectory("certificate-daemon"),
            stopSignal: "TERM"
        )
        try await server.waitUntilReady(within: .seconds(30)) {
            (try? server.log().contains(#""message":"ready""#)) ?? false
        }
        #expect(try await self.subject(port) == "subject=CN=one")

        func count(_ words: String) throws -> Int { try server.log().split(separator: "\n").count { $0.contains(words) } }

        try await self.install("two")
        try await eventually("the certificate whose files changed", within: .seconds(30)) {
            try await self.subject(port) == "subject=CN=two"
        }

        let refusals = try count("the old one stays")
        try await self.sh("cp -p \(self.scratch.path)/key.pem \(self.scratch.path)/kept.pem; echo broken > \(self.scratch.path)/key.pem")
        try await eventually("a line about the broken key", within: .seconds(30)) { try count("the old one stays") > refusals }
        #expect(try await self.subject(port) == "subject=CN=two")

        let readings = try count("was read again")
        try await self.sh("mv \(self.scratch.path)/kept.pem \(self.scratch.path)/key.pem")
        try await eventually("the key that came back", within: .seconds(30)) { try count("was read again") > readings }
        try server.signal(SIGHUP)
        try await eventually("an answer to SIGHUP", within: .seconds(4)) { try count("was read again") > readings + 1 }
        #expect(try await self.subject(port) == "subject=CN=two")
        try await server.stop()
    }
}
