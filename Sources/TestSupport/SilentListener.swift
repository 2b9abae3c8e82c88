import Glibc

/// A listener on 127.0.0.1 that accepts connections and never says a word: a hanging server.
package final class SilentListener: Sendable {
    package let port: Int
    private let descriptor: Int32

    package init() throws {
        self.port = try FreePort.next()
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(self.port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let bound = withUnsafeBytes(of: &address) { bytes in
            bind(self.descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
        // The kernel completes the handshakes of the backlog by itself.
        guard bound == 0, listen(self.descriptor, 32) == 0 else { throw FixtureError("cannot listen on port \(self.port)") }
    }

    deinit {
        close(self.descriptor)
    }
}
