/// Something that happens to the network at one place of a conversation.
package struct NetworkFault: Hashable, Sendable {
    /// Where it happens, counted from 1 over all connections since the fault was armed.
    package enum Place: Hashable, Sendable, CustomStringConvertible {
        /// Before the server gets the nth call. To connect is a call, and so is all that a client sends before it waits for an answer.
        case request(Int)
        /// Before the client gets the answer to the nth call, when the server has acted on it.
        case answer(Int)
        /// Instead of the nth byte of the clients.
        case requestByte(Int)
        /// Instead of the nth byte of the servers.
        case answerByte(Int)

        package var description: String {
            switch self {
            case .request(let number): "request-\(number)"
            case .answer(let number): "answer-\(number)"
            case .requestByte(let number): "request-byte-\(number)"
            case .answerByte(let number): "answer-byte-\(number)"
            }
        }
    }

    package enum Action: Hashable, Sendable {
        /// Nothing goes through any more, in either direction, until `FaultProxy.resume()` or `FaultProxy.cut()`.
        case hold
        /// Client and server see the connection reset.
        case cut
        /// The message never arrives; later ones do.
        case drop
        case delay(milliseconds: Int)
    }

    package let place: Place
    package let action: Action

    package init(_ action: Action, at place: Place) {
        self.place = place
        self.action = action
    }
}

/// What a proxy has seen since it was armed, and what it is to do: the decisions, without a socket.
struct FaultState: Sendable {
    enum Verdict: Hashable, Sendable {
        case forward
        /// Some bytes of the message are forwarded first.
        case strike(NetworkFault.Action, after: Int)
    }

    private(set) var places: [NetworkFault.Place] = []
    private(set) var hasStruck = false
    private(set) var requestBytes = 0
    private(set) var answerBytes = 0
    private var calls = 0
    private let fault: NetworkFault?

    init(_ fault: NetworkFault? = nil) {
        self.fault = fault
    }

    /// - Parameter startsCall: Whether it is the first message after the end of a call.
    mutating func request(_ count: Int, startsCall: Bool) -> Verdict {
        defer { self.requestBytes += count }
        if startsCall {
            self.calls += 1
            self.places.append(.request(self.calls))
            if let verdict = self.strike(at: .request(self.calls), after: 0) { return verdict }
        }
        return self.byte(count, since: self.requestBytes) { .requestByte($0) } ?? .forward
    }

    mutating func answer(_ count: Int) -> Verdict {
        defer { self.answerBytes += count }
        if self.places.last != .answer(self.calls), self.calls > 0 {
            self.places.append(.answer(self.calls))
            if let verdict = self.strike(at: .answer(self.calls), after: 0) { return verdict }
        }
        return self.byte(count, since: self.answerBytes) { .answerByte($0) } ?? .forward
    }

    private mutating func byte(_ count: Int, since earlier: Int, _ place: (Int) -> NetworkFault.Place) -> Verdict? {
        guard let wanted = (1...max(count, 1)).first(where: { self.fault?.place == place(earlier + $0) }), count > 0 else { return nil }
        return self.strike(at: place(earlier + wanted), after: wanted - 1)
    }

    private mutating func strike(at place: NetworkFault.Place, after bytes: Int) -> Verdict? {
        guard let fault = self.fault, fault.place == place, !self.hasStruck else { return nil }
        self.hasStruck = true
        return .strike(fault.action, after: bytes)
    }
}
