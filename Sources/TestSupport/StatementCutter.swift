import Foundation
import Glibc
import NIOConcurrencyHelpers

/// A proxy before a MariaDB server that breaks every conversation at the n-th statement, like a crash at that moment.
///
/// It reads the client's packets (3 bytes length, 1 byte sequence number; statements begin with 0x03 at sequence 0). Clear text only.
package final class StatementCutter: Sendable {
    /// On which side of the server's work the conversation breaks.
    package enum Side: CaseIterable, Sendable {
        /// The server never reads the statement.
        case before
        /// The server has done it, and nobody hears the answer.
        case after
    }

    private struct State {
        var left: Int?
        var side: Side
        var words: [UInt8]?
        var statements = 0
    }

    /// Where clients find the server behind this proxy.
    package let port: Int
    private let target: Int
    private let listener: Int32
    private let state = NIOLockedValueBox(State(left: nil, side: .before))

    /// - Throws: `FixtureError` if the port cannot be listened on.
    package init(before server: MariaDBServer) throws {
        self.target = server.port
        self.port = try FreePort.next()
        let listener = try LoopbackSocket.listener(on: self.port, backlog: 16)
        self.listener = listener
        Worker.start { [target, state] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                Worker.start { Self.serve(client, target: target, state: state) }
            }
        }
    }

    deinit {
        shutdown(self.listener, Int32(SHUT_RDWR))
        close(self.listener)
    }

    /// Breaks at the statement with this number from now, counted from 1 over all conversations; `nil` breaks none.
    package func cut(at statement: Int?, _ side: Side = .before) {
        self.state.withLockedValue { $0 = State(left: statement, side: side) }
    }

    /// Breaks, from now on, at each statement with some words in it.
    package func cut(atStatementWith words: String, _ side: Side) {
        self.state.withLockedValue { $0 = State(left: nil, side: side, words: Array(words.utf8)) }
    }

    /// Statements seen since the last `cut`.
    package var statements: Int { self.state.withLockedValue { $0.statements } }

    private static func serve(_ client: Int32, target: Int, state: NIOLockedValueBox<State>) {
        guard let server = LoopbackSocket.connect(port: target) else {
            close(client)
            return
        }
        let isMuted = NIOLockedValueBox(false)
        let answers = Worker.start {
            while let answer = LoopbackSocket.receive(from: server) {
                if isMuted.withLockedValue({ $0 }) { break }
                guard LoopbackSocket.send(answer, to: client) else { break }
            }
            shutdown(client, Int32(SHUT_RDWR))
        }
        while let packet = Self.packet(from: client) {
            let isStatement = packet.count > 4 && packet[3] == 0 && packet[4] == 0x03
            let cut: Side? = state.withLockedValue { state in
                guard isStatement else { return nil }
                state.statements += 1
                if let words = state.words { return packet.dropFirst(5).firstRange(of: words) != nil ? state.side : nil }
                guard let left = state.left else { return nil }
                state.left = left - 1
                return left <= 1 ? state.side : nil
            }
            if cut == .before { break }
            if cut == .after { isMuted.withLockedValue { $0 = true } }
            guard LoopbackSocket.send(packet[...], to: server) else { break }
            if cut == .after { break }
        }
        // After `after`, the answer is waited for, so that the statement has been executed before the next attempt.
        if !isMuted.withLockedValue({ $0 }) { shutdown(server, Int32(SHUT_RDWR)) }
        answers.join()
        shutdown(client, Int32(SHUT_RDWR))
        close(client)
        close(server)
    }

    private static func packet(from descriptor: Int32) -> [UInt8]? {
        guard let header = self.read(4, from: descriptor) else { return nil }
        let length = Int(header[0]) | Int(header[1]) << 8 | Int(header[2]) << 16
        guard let body = self.read(length, from: descriptor) else { return nil }
        return header + body
    }

    private static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: have), count - have)
            }
            guard got > 0 else { return nil }
            have += got
        }
        return bytes
    }
}
