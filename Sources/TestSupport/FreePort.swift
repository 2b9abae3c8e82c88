import Glibc
import NIOConcurrencyHelpers

/// Ports on the loopback interface for servers that cannot pick one themselves.
package enum FreePort {
    private static let issued = NIOLockedValueBox<Set<UInt16>>([])

    /// A TCP port that nobody listens on, on 127.0.0.1 and on ::1. Never the same twice in one process, and below the range from which the
    /// kernel takes the ports of outgoing connections.
    package static func next() throws -> Int {
        for _ in 0..<200 {
            let port = UInt16.random(in: 15_000..<32_000)
            guard self.issued.withLockedValue({ $0.insert(port).inserted }) else { continue }
            if self.isFree(port) { return Int(port) }
        }
        throw FixtureError("no free port found")
    }

    private static func isFree(_ port: UInt16) -> Bool {
        self.canBind(AF_INET) { LoopbackSocket.bind($0, port: Int(port)) }
            && self.canBind(AF_INET6) { descriptor in
                var address = sockaddr_in6()
                address.sin6_family = sa_family_t(AF_INET6)
                address.sin6_port = port.bigEndian
                address.sin6_addr = in6addr_loopback
                return withUnsafeBytes(of: &address) { bytes in
                    bind(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count)) == 0
                }
            }
    }

    private static func canBind(_ family: Int32, _ bind: (Int32) -> Bool) -> Bool {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        // A machine without IPv6 cannot have the port taken there.
        guard descriptor >= 0 else { return errno == EAFNOSUPPORT }
        defer { close(descriptor) }
        return bind(descriptor) || errno == EADDRNOTAVAIL
    }
}
