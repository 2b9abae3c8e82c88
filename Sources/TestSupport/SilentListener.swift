import Glibc

/// A listener on 127.0.0.1 that accepts connections and never says a word: a hanging server.
package final class SilentListener: Sendable {
    package let port: Int
    private let descriptor: Int32

    package init() throws {
        self.port = try FreePort.next()
        // The kernel completes the handshakes of the backlog by itself.
        self.descriptor = try LoopbackSocket.listener(on: self.port, backlog: 32)
    }

    deinit {
        close(self.descriptor)
    }
}
