/// How a database's client and server cut their bytes into messages, as long as no TLS hides them.
package enum WireProtocol: Sendable {
    /// Type byte and length; the client's first message has no type (PostgreSQL documentation, "Message Formats").
    case postgres
    /// Three bytes of length and a sequence number (MariaDB documentation, "0-Packet").
    case mariadb
}

/// One direction of a connection, cut into messages.
package struct MessageReader {
    package struct Message: Hashable, Sendable {
        package let bytes: [UInt8]
        /// Whether the client waits for an answer, or hangs up, after it; `true` for every message of a server.
        package let endsCall: Bool
    }

    private let wire: WireProtocol
    private let isClient: Bool
    private var isFirst = true
    private var buffer: [UInt8] = []

    package init(_ wire: WireProtocol, isClient: Bool) {
        self.wire = wire
        self.isClient = isClient
    }

    /// - Returns: The messages that are complete now.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [Message] {
        self.buffer += bytes
        var messages: [Message] = []
        while let length = self.nextLength, self.buffer.count >= length {
            messages.append(Message(bytes: Array(self.buffer.prefix(length)), endsCall: self.endsCall))
            self.buffer.removeFirst(length)
            self.isFirst = false
        }
        return messages
    }

    private var hasType: Bool { !(self.isClient && self.isFirst) }

    private var nextLength: Int? {
        switch self.wire {
        case .postgres:
            let start = self.hasType ? 1 : 0
            guard self.buffer.count >= start + 4 else { return nil }
            return start + max(self.buffer[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }, 4)
        case .mariadb:
            guard self.buffer.count >= 4 else { return nil }
            return 4 + self.buffer[0..<3].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }

    /// Of PostgreSQL's extended protocol only Sync asks for an answer; before it the server keeps silent, and has not committed.
    private var endsCall: Bool {
        guard self.wire == .postgres, self.isClient, self.hasType else { return true }
        return !"PBDEC".utf8.contains(self.buffer[0])
    }
}
