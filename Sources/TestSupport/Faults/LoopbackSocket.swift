import Glibc

/// TCP sockets on 127.0.0.1, as blocking C calls.
enum LoopbackSocket {
    static func bind(_ descriptor: Int32, port: Int) -> Bool {
        self.withAddress(port) { Glibc.bind(descriptor, $0, $1) } == 0
    }

    /// - Parameter backlog: How many connections the kernel takes on before anybody accepts them.
    /// - Throws: `FixtureError` if the port cannot be listened on.
    static func listener(on port: Int, backlog: Int32) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        guard self.bind(descriptor, port: port), listen(descriptor, backlog) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw FixtureError("cannot listen on port \(port)")
        }
        return descriptor
    }

    /// - Returns: The descriptor of a new connection; `nil` if nobody takes it.
    static func connect(port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard self.withAddress(port, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        self.sendAtOnce(descriptor)
        return descriptor
    }

    /// Without it a message that was cut into two would wait for the first one's receipt.
    static func sendAtOnce(_ descriptor: Int32) {
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Closes so that the other side sees a reset.
    static func reset(_ descriptor: Int32) {
        var immediately = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &immediately, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }

    /// - Returns: Whether all bytes were sent.
    static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// - Returns: What has arrived, at least a byte; `nil` when the other side has ended or broken the connection.
    static func receive(from descriptor: Int32) -> ArraySlice<UInt8>? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? buffer[..<count] : nil
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
