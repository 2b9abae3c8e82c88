package import SecretModel

/// A certificate and its private key, as PEM text.
package struct CertificateAndKey: Sendable {
    package let certificate: String
    /// Unencrypted PKCS #8: it belongs into a file that its owner alone can read.
    package let key: SecretValue

    package init(certificate: String, key: SecretValue) {
        self.certificate = certificate
        self.key = key
    }
}

/// Why a certificate could not be read or made. No case holds key material.
package enum CertificateError: Error, Hashable, Sendable {
    case unreadableCertificate(String)
    case unreadableKey
    case notIssued(String)
}
