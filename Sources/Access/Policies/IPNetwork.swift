import Glibc

/// A range of addresses in CIDR notation, or one address, of IPv4 or IPv6.
struct IPNetwork: Hashable, Sendable {
    /// 4 bytes or 16.
    private let address: [UInt8]
    let prefixLength: Int

    /// - Returns: `nil` unless the text is an address with or without the length of a prefix. Bits behind the prefix do not matter.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let address = Self.bytes(of: parts[0]) else { return nil }
        let bits = address.count * 8
        guard parts.count == 2 else {
            (self.address, self.prefixLength) = (address, bits)
            return
        }
        guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]), length <= bits else { return nil }
        (self.address, self.prefixLength) = (address, length)
    }

    var isIPv4: Bool { self.address.count == 4 }

    /// - Parameter text: An address; an IPv4 address in IPv6's notation is the IPv4 address.
    func contains(_ text: String) -> Bool {
        guard let other = Self.bytes(of: text), other.count == self.address.count else { return false }
        let (whole, rest) = self.prefixLength.quotientAndRemainder(dividingBy: 8)
        guard other[..<whole] == self.address[..<whole] else { return false }
        return rest == 0 || (other[whole] ^ self.address[whole]) >> (8 - rest) == 0
    }

    private static func bytes(of text: String) -> [UInt8]? {
        var short = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &short) == 1 { return short }
        var long = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &long) == 1 else { return nil }
        let isMapped = long[..<10].allSatisfy { $0 == 0 } && long[10] == 0xff && long[11] == 0xff
        return isMapped ? Array(long[12...]) : long
    }
}
