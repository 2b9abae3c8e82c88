import Testing

@Suite struct CertificateAuthorityPlaceholder {
    @Test func builds() {}
}
