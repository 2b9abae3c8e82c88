/// A certificate authority of one test, made with `openssl`.
package struct TestAuthority: Sendable {
    private let scratch: ScratchDirectory
    /// PEM file for clients that shall trust it.
    package let certificatePath: String

    package init() async throws {
        self.scratch = try ScratchDirectory("ca")
        self.certificatePath = self.scratch.path(of: "ca.crt")
        try await Tool.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=Keyturn test authority", "-keyout", self.scratch.path(of: "ca.key"), "-out", self.certificatePath,
        ])
    }

    /// A server's certificate for names such as `DNS:localhost` and `IP:127.0.0.1`.
    /// - Returns: Certificate and private key, both PEM.
    package func issue(for names: [String]) async throws -> (certificate: String, key: String) {
        let request = self.scratch.path(of: "server.csr")
        let key = self.scratch.path(of: "server.key")
        try await Tool.run([
            "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=server",
            "-keyout", key, "-out", request,
        ])
        let extensions = try self.scratch.write("subjectAltName=\(names.joined(separator: ","))\n", to: "names")
        let certificate = try await Tool.run([
            "openssl", "x509", "-req", "-in", request, "-CA", self.certificatePath, "-CAkey", self.scratch.path(of: "ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", extensions,
        ])
        return (certificate, try readFile(key))
    }
}
