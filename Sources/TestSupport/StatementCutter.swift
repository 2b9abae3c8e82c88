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
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0, Self.withAddress(port: self.port, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
            throw FixtureError("cannot listen on \(self.port)")
        }
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

    /// Breaks, from now on, at each statement that begins with some words.
    package func cut(atStatementWith words: String, _ side: Side) {
        self.state.withLockedValue { $0 = State(left: nil, side: side, words: Array(words.utf8)) }
    }

    /// Statements seen since the last `cut`.
    package var statements: Int { self.state.withLockedValue { $0.statements } }

    private static func serve(_ client: Int32, target: Int, state: NIOLockedValueBox<State>) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.withAddress(port: target, { connect(server, $0, $1) }) == 0 else {
            close(client)
            close(server)
            return
        }
        let isMuted = NIOLockedValueBox(false)
        let answers = Worker.start {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Glibc.read(server, &buffer, buffer.count)
                guard count > 0 else { break }
                if isMuted.withLockedValue({ $0 }) { break }
                guard Self.write(buffer[..<count], to: client) else { break }
            }
            shutdown(client, Int32(SHUT_RDWR))
        }
        while let packet = Self.packet(from: client) {
            let isStatement = packet.count > 4 && packet[3] == 0 && packet[4] == 0x03
            let cut: Side? = state.withLockedValue { state in
                guard isStatement else { return nil }
                state.statements += 1
                if let words = state.words { return packet.dropFirst(5).starts(with: words) ? state.side : nil }
                guard let left = state.left else { return nil }
                state.left = left - 1
                return left <= 1 ? state.side : nil
            }
            if cut == .before { break }
            if cut == .after { isMuted.withLockedValue { $0 = true } }
            guard Self.write(packet[...], to: server) else { break }
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

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private static func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
