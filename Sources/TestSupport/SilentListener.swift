import Glibc

/// A listener on 127.0.0.1 that accepts connections and never says a word: a hanging server.
package final class SilentListener: Sendable {
    package let port: Int
    private let descriptor: Int32

    package init() throws {
        self.port = try FreePort.next()
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let isBound = LoopbackSocket.bind(self.descriptor, port: self.port)
        // The kernel completes the handshakes of the backlog by itself.
        guard isBound, listen(self.descriptor, 32) == 0 else { throw FixtureError("cannot listen on port \(self.port)") }
    }

    deinit {
        close(self.descriptor)
    }
}
