import CertificateAuthority
import SecretModel
import Testing

@Suite struct CertificateAuthorityTests {
    private let now = Timestamp(seconds: 1_795_000_000)
    private let names = ["localhost", "127.0.0.1", "::1", "keys.example.com"]

    @Test func `an authority is read back from its files`() throws {
        let made = try CertificateAuthority.make(named: "keys", now: self.now)
        let read = try CertificateAuthority(made.identity)
        let server = try read.issueServerCertificate(for: self.names, now: self.now)
        #expect(try made.isCurrent(server.certificate, for: self.names, now: self.now))
    }

    @Test func `a server certificate is renewed when less than 30 of its 398 days remain`() throws {
        let authority = try CertificateAuthority.make(named: "keys", now: self.now)
        let server = try authority.issueServerCertificate(for: self.names, now: self.now)
        #expect(try authority.isCurrent(server.certificate, for: self.names, now: self.now + .days(367)))
        #expect(try !authority.isCurrent(server.certificate, for: self.names, now: self.now + .days(369)))
    }

    @Test func `a server certificate is renewed for another name or by another authority`() throws {
        let authority = try CertificateAuthority.make(named: "keys", now: self.now)
        let server = try authority.issueServerCertificate(for: self.names, now: self.now)
        #expect(try !authority.isCurrent(server.certificate, for: self.names + ["other.example.com"], now: self.now))
        let other = try CertificateAuthority.make(named: "keys", now: self.now)
        #expect(try !other.isCurrent(server.certificate, for: self.names, now: self.now))
    }

    @Test func `what is no certificate is refused with a typed error, and I8 a key is never printed`() throws {
        let authority = try CertificateAuthority.make(named: "keys", now: self.now)
        #expect(throws: CertificateError.unreadableKey) {
            try CertificateAuthority(CertificateAndKey(certificate: authority.identity.certificate, key: SecretValue(string: "x")))
        }
        #expect(throws: CertificateError.self) {
            try CertificateAuthority(CertificateAndKey(certificate: "x", key: authority.identity.key))
        }
        #expect(!"\(authority.identity)".contains("PRIVATE KEY"))
    }
}
