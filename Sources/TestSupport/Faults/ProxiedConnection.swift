import Glibc
import NIOConcurrencyHelpers

/// One connection through a `FaultProxy`, served by a thread of its own.
struct ProxiedConnection: Sendable {
    private enum End: Error {
        /// A side has hung up.
        case closed
        case reset
    }

    private let client: Int32
    private let wire: WireProtocol
    private let state: NIOLockedValueBox<FaultProxy.State>
    private let generation: Int

    init(client: Int32, wire: WireProtocol, state: NIOLockedValueBox<FaultProxy.State>) {
        self.client = client
        self.wire = wire
        self.state = state
        self.generation = state.withLockedValue { $0.generation }
    }

    /// Until one side ends the connection, or a fault does.
    func serve(_ port: Int) {
        LoopbackSocket.sendAtOnce(self.client)
        do throws(End) {
            try self.waitWhileSuspended()
            try self.deliver([], to: self.client, self.state.withLockedValue { $0.faults.request(0, startsCall: true) })
        } catch {
            return LoopbackSocket.reset(self.client)
        }
        guard let server = LoopbackSocket.connect(port: port) else { return LoopbackSocket.reset(self.client) }
        switch self.relay(server) {
        case .closed:
            close(self.client)
            close(server)
        case .reset:
            LoopbackSocket.reset(self.client)
            LoopbackSocket.reset(server)
        }
    }

    private func relay(_ server: Int32) -> End {
        var requests = MessageReader(self.wire, isClient: true)
        var answers = MessageReader(self.wire, isClient: false)
        var isBetweenCalls = true
        do throws(End) {
            while true {
                // Now and then, to see that the proxy was cut.
                var waits = [self.client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
                _ = poll(&waits, 2, 10)
                try self.waitWhileSuspended()
                if waits[0].revents != 0 {
                    for message in requests.take(try self.receive(from: self.client)) {
                        let (count, startsCall) = (message.bytes.count, isBetweenCalls)
                        isBetweenCalls = message.endsCall
                        let verdict = self.state.withLockedValue { $0.faults.request(count, startsCall: startsCall) }
                        try self.deliver(message.bytes[...], to: server, verdict)
                    }
                }
                if waits[1].revents != 0 {
                    for message in answers.take(try self.receive(from: server)) {
                        let verdict = self.state.withLockedValue { $0.faults.answer(message.bytes.count) }
                        try self.deliver(message.bytes[...], to: self.client, verdict)
                    }
                }
            }
        } catch {
            return error
        }
    }

    private func receive(from descriptor: Int32) throws(End) -> ArraySlice<UInt8> {
        guard let bytes = LoopbackSocket.receive(from: descriptor) else { throw .closed }
        return bytes
    }

    private func deliver(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, _ verdict: FaultState.Verdict) throws(End) {
        var rest = bytes
        if case .strike(let action, let count) = verdict {
            guard LoopbackSocket.send(bytes.prefix(count), to: descriptor) else { throw .closed }
            rest = bytes.dropFirst(count)
            switch action {
            case .hold:
                self.state.withLockedValue { $0.isSuspended = true }
                try self.waitWhileSuspended()
            case .cut: throw .reset
            case .drop: return
            case .delay(let milliseconds): usleep(UInt32(milliseconds) * 1_000)
            }
        }
        guard LoopbackSocket.send(rest, to: descriptor) else { throw .closed }
    }

    private func waitWhileSuspended() throws(End) {
        while true {
            let (isSuspended, generation) = self.state.withLockedValue { ($0.isSuspended, $0.generation) }
            guard generation == self.generation else { throw .reset }
            guard isSuspended else { return }
            usleep(1_000)
        }
    }
}
