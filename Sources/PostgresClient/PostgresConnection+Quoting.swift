import CPostgres
package import SecretModel

extension PostgresConnection {
    /// A name for use in a statement, quoted by libpq for this server's encoding.
    package func identifier(_ name: String) throws(PostgresError) -> String {
        try self.quoted(name, PQescapeIdentifier)
    }

    /// A text for use in a statement where no parameter is allowed.
    package func literal(_ text: String) throws(PostgresError) -> String {
        // libpq puts a blank before E'…' when the text has a backslash; statements do not mind.
        try self.quoted(text, PQescapeLiteral)
    }

    private func quoted(
        _ text: String,
        _ quote: (OpaquePointer?, UnsafePointer<CChar>?, Int) -> UnsafeMutablePointer<CChar>?
    ) throws(PostgresError) -> String {
        guard !text.utf8.contains(0), let quoted = quote(self.handle, text, text.utf8.count) else {
            throw PostgresError(.other, "libpq cannot quote a name or text")
        }
        defer { PQfreemem(quoted) }
        return String(cString: quoted)
    }

    /// The server's `scram_iterations`, which it reports from version 16 on.
    private var scramIterations: Int {
        PQparameterStatus(self.handle, "scram_iterations").flatMap { Int(String(cString: $0)) } ?? ScramVerifier.defaultIterations
    }

    /// What the server may be told instead of the password, so that its log cannot have it (W4).
    /// - Parameter algorithm: `scram-sha-256` or `md5`, the server's `password_encryption`.
    package func verifier(of password: SecretValue, username: String, algorithm: String) throws(PostgresError) -> String {
        guard let text = password.string, !text.utf8.contains(0), algorithm == "scram-sha-256" || algorithm == "md5" else {
            throw PostgresError(.other, "a verifier can be made for scram-sha-256 and md5 and for a password without NUL only")
        }
        do {
            if algorithm == "scram-sha-256", let verifier = try ScramVerifier(of: password, iterations: self.scramIterations) {
                return verifier.text
            }
        } catch {
            throw PostgresError(.other, "cannot make a verifier: \(error)").scrubbed(of: [text])
        }
        guard let verifier = PQencryptPasswordConn(self.handle, text, username, algorithm) else {
            throw PostgresError(.other, "libpq cannot make a verifier").scrubbed(of: [text])
        }
        defer { PQfreemem(verifier) }
        return String(cString: verifier)
    }
}
