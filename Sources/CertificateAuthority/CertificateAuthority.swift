import Crypto
import FoundationEssentials
package import SecretModel
import SwiftASN1
import X509

/// The certificate authority of an installation: made once by `init`, it issues the daemon's own server certificate and nothing else.
package struct CertificateAuthority: Sendable {
    /// How long the authority's certificate is valid: clients keep a copy, so it must outlive the installation's hardware.
    package static let lifetime: Duration = .days(3_650)
    /// The longest validity that TLS clients accept of a server certificate.
    package static let serverLifetime: Duration = .days(398)
    /// A server certificate is issued anew once it has less than this left.
    package static let renewalMargin: Duration = .days(30)
    /// Certificates begin this much before now, for clients whose clocks are behind.
    static let backdating: Duration = .hours(1)

    package let identity: CertificateAndKey
    private let certificate: Certificate
    private let key: Certificate.PrivateKey

    /// Reads an authority that `make` made.
    package init(_ identity: CertificateAndKey) throws(CertificateError) {
        self.identity = identity
        self.certificate = try Self.certificate(pem: identity.certificate)
        do {
            self.key = try Certificate.PrivateKey(pemEncoded: String(decoding: identity.key.bytes, as: UTF8.self))
        } catch {
            throw .unreadableKey
        }
    }

    /// Makes an authority with a new P-256 key.
    ///
    /// - Parameter name: Tells installations apart in a list of trusted authorities: the host's name.
    package static func make(named name: String, now: Timestamp) throws(CertificateError) -> CertificateAuthority {
        let key = P256.Signing.PrivateKey()
        let subject = try Self.subject("Keyturn CA (\(name))")
        let authority = Certificate.PrivateKey(key)
        let pem = try Self.issuing {
            try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: authority.publicKey,
                notValidBefore: Self.date(now - Self.backdating),
                notValidAfter: Self.date(now + Self.lifetime),
                issuer: subject,
                subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: authority.publicKey)
                },
                issuerPrivateKey: authority
            )
        }
        return try CertificateAuthority(
            CertificateAndKey(certificate: pem, key: SecretValue(string: key.pemRepresentation + "\n"))
        )
    }

    /// Issues a server certificate with a key of its own.
    ///
    /// - Parameter names: Host names and IP addresses that clients may call the server by; the first is the subject.
    package func issueServerCertificate(for names: [String], now: Timestamp) throws(CertificateError) -> CertificateAndKey {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PrivateKey(key).publicKey
        let subject = try Self.subject(names.first ?? "keyturn")
        let pem = try Self.issuing {
            try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: publicKey,
                notValidBefore: Self.date(now - Self.backdating),
                notValidAfter: min(Self.date(now + Self.serverLifetime), self.certificate.notValidAfter),
                issuer: self.certificate.subject,
                subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth])
                    SubjectAlternativeNames(names.map(GeneralName.init(hostOrAddress:)))
                    SubjectKeyIdentifier(hash: publicKey)
                    AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: self.key.publicKey).keyIdentifier)
                },
                issuerPrivateKey: self.key
            )
        }
        return CertificateAndKey(certificate: pem, key: SecretValue(string: key.pemRepresentation + "\n"))
    }

    /// Whether a server certificate still serves: this authority issued it for these names, and it is not about to end.
    package func isCurrent(_ certificate: String, for names: [String], now: Timestamp) throws(CertificateError) -> Bool {
        let certificate = try Self.certificate(pem: certificate)
        let wanted = Set(names.map(GeneralName.init(hostOrAddress:)))
        guard let covered = try? certificate.extensions.subjectAlternativeNames else { return false }
        return certificate.issuer == self.certificate.subject
            && self.key.publicKey.isValidSignature(certificate.signature, for: certificate)
            && wanted.isSubset(of: covered) && certificate.notValidAfter > Self.date(now + Self.renewalMargin)
    }

    private static func certificate(pem: String) throws(CertificateError) -> Certificate {
        do {
            return try Certificate(pemEncoded: pem)
        } catch {
            throw .unreadableCertificate(String(describing: error))
        }
    }

    private static func subject(_ commonName: String) throws(CertificateError) -> DistinguishedName {
        do {
            return try DistinguishedName { CommonName(commonName) }
        } catch {
            throw .notIssued(String(describing: error))
        }
    }

    private static func issuing(_ issue: () throws -> Certificate) throws(CertificateError) -> String {
        do {
            return try issue().serializeAsPEM().pemString + "\n"
        } catch {
            throw .notIssued(String(describing: error))
        }
    }

    private static func date(_ time: Timestamp) -> Date {
        Date(timeIntervalSince1970: TimeInterval(time.seconds))
    }
}
