import Glibc

/// Standard output and standard error without a buffer: what is written is there when a reader of a pipe looks.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Whether a person reads it.
    package var isTerminal: Bool { isatty(self.rawValue) == 1 }

    /// Writes all of the text. A closed pipe or full disk ends the attempt: there is nobody left to tell.
    package func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(self.rawValue, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
