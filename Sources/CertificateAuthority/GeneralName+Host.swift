import Glibc
import SwiftASN1
import X509

extension GeneralName {
    /// An IP address if the text is one, a DNS name otherwise: clients look for each in its own kind of name only.
    init(hostOrAddress text: String) {
        self =
            Self.address(text, family: AF_INET, size: 4) ?? Self.address(text, family: AF_INET6, size: 16) ?? .dnsName(text)
    }

    private static func address(_ text: String, family: Int32, size: Int) -> GeneralName? {
        var bytes = [UInt8](repeating: 0, count: size)
        return inet_pton(family, text, &bytes) == 1 ? .ipAddress(ASN1OctetString(contentBytes: bytes[...])) : nil
    }
}
