import Glibc
import NIOConcurrencyHelpers

/// A TCP proxy in front of a real database server, on 127.0.0.1, that holds, cuts, drops or delays at a chosen message or byte.
///
/// A thread serves a connection with blocking sockets. Clients must not use TLS, or there are no messages to see.
package final class FaultProxy: Sendable {
    struct State {
        var faults = FaultState()
        var isSuspended = false
        /// A connection that began before the last `cut()` is reset.
        var generation = 0
        var isClosed = false
    }

    package let port: Int
    let server: Int
    let wire: WireProtocol
    let state = NIOLockedValueBox(State())
    private let listener: Int32

    /// - Parameter server: The port of the server on 127.0.0.1.
    package init(to server: Int, speaking wire: WireProtocol) throws {
        self.port = try FreePort.next()
        self.server = server
        self.wire = wire
        self.listener = try LoopbackSocket.listener(on: self.port, backlog: 64)
        let (listener, state, wire) = (self.listener, self.state, self.wire)
        Worker.start { Self.accept(on: listener, server: server, wire: wire, state: state) }
    }

    deinit {
        self.state.withLockedValue { $0.isClosed = true }
        // Wakes the thread that accepts, which closes it.
        shutdown(self.listener, Int32(SHUT_RDWR))
    }

    /// Forgets what was seen, and waits for the place of a fault; `nil`: for none.
    package func arm(_ fault: NetworkFault?) {
        self.state.withLockedValue { $0.faults = FaultState(fault) }
    }

    /// Whether the place of the fault was reached.
    package var hasStruck: Bool { self.state.withLockedValue { $0.faults.hasStruck } }

    /// The requests and answers since `arm`, in order: where a fault could strike the same conversation.
    package var places: [NetworkFault.Place] { self.state.withLockedValue { $0.faults.places } }

    /// The bytes since `arm`, of clients and of servers.
    package var bytes: (requests: Int, answers: Int) {
        self.state.withLockedValue { ($0.faults.requestBytes, $0.faults.answerBytes) }
    }

    /// From now on nothing goes through: connections are accepted, and wait.
    package func suspend() { self.state.withLockedValue { $0.isSuspended = true } }

    /// What was held goes on.
    package func resume() { self.state.withLockedValue { $0.isSuspended = false } }

    /// Resets every connection; what was held never arrives. New connections go through.
    package func cut() {
        self.state.withLockedValue { state in
            state.generation += 1
            state.isSuspended = false
        }
    }

    private static func accept(on listener: Int32, server: Int, wire: WireProtocol, state: NIOLockedValueBox<State>) {
        defer { close(listener) }
        while !state.withLockedValue({ $0.isClosed }) {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { continue }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            let connection = ProxiedConnection(client: client, wire: wire, state: state)
            Worker.start { connection.serve(server) }
        }
    }
}
