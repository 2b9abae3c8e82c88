import CertificateAuthority
import Glibc
import SecretModel

/// The certificate that the daemon shows to clients, issued by the installation's own authority.
enum ServerIdentity {
    private static let keyMark = "-----BEGIN PRIVATE KEY-----"

    /// The certificate and key on disk; issued anew if there are none, if they end soon, or if they lack a name.
    ///
    /// - Parameter host: The host that the daemon listens on.
    static func current(in directory: DataDirectory, host: String, now: Timestamp) throws(DaemonError) -> CertificateAndKey {
        let names = Self.names(host)
        let certificate = try PrivateFile.read(directory.authorityCertificate)
        let key = try PrivateFile.read(directory.authorityKey)
        let existing = access(directory.serverIdentity, F_OK) == 0 ? try Self.read(directory.serverIdentity) : nil
        let identity: CertificateAndKey
        do throws(CertificateError) {
            let authority = try CertificateAuthority(
                CertificateAndKey(
                    certificate: String(decoding: certificate, as: UTF8.self),
                    key: SecretValue(string: String(decoding: key, as: UTF8.self))
                )
            )
            if let existing, try authority.isCurrent(existing.certificate, for: names, now: now) { return existing }
            identity = try authority.issueServerCertificate(for: names, now: now)
        } catch {
            throw .certificate(error)
        }
        try PrivateFile.replace(directory.serverIdentity, with: Array(identity.certificate.utf8) + identity.key.bytes)
        return identity
    }

    /// Both are in one file, so that a certificate never meets the key of another.
    private static func read(_ path: String) throws(DaemonError) -> CertificateAndKey? {
        let text = String(decoding: try PrivateFile.read(path), as: UTF8.self)
        guard let start = text.firstRange(of: Self.keyMark)?.lowerBound else { return nil }
        return CertificateAndKey(certificate: String(text[..<start]), key: SecretValue(string: String(text[start...])))
    }

    /// What clients may call this machine by.
    private static func names(_ host: String) -> [String] {
        var names = ["localhost", "127.0.0.1", "::1", HostName.current]
        if !names.contains(host), host != "0.0.0.0", host != "::" { names.append(host) }
        return names
    }
}
