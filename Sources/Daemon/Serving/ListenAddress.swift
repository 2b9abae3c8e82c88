/// Where the daemon listens.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    /// 0 for a free port.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Parses `HOST:PORT`, with an IPv6 address in brackets.
    ///
    /// - Throws: `DaemonError.invalidListenAddress`.
    package init(_ text: String) throws(DaemonError) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            text[text.index(after: colon)...].utf8.allSatisfy({ (48...57).contains($0) })
        else { throw .invalidListenAddress(text) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .invalidListenAddress(text)
        }
        guard !host.isEmpty else { throw .invalidListenAddress(text) }
        self.init(host: String(host), port: Int(port))
    }

    package static let standard = ListenAddress(host: "127.0.0.1", port: 8443)

    /// Whether only this machine can reach it.
    package var isLoopback: Bool {
        self.host == "localhost" || self.host == "::1"
            || (self.host.hasPrefix("127.") && self.host.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 })
    }

    package func with(port: Int) -> ListenAddress { ListenAddress(host: self.host, port: port) }

    package var description: String { self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)" }
}
