import Logging
import Processes
import SecretModel

/// What a script wrote to stderr: redacted lines with their levels (`rotator-protocol.md` §6).
struct ScriptLog: Sendable {
    struct Line: Hashable, Sendable {
        let level: Logger.Level
        let text: String
    }

    let lines: [Line]

    private static let longestLine = 8 * 1_024

    init(_ capture: BoundedCapture, redactor: ScriptRedactor) {
        var bytes: [UInt8]
        if capture.dropped == 0 {
            bytes = redactor.redact(capture.head + capture.tail)
        } else {
            // A value that was cut in two would no longer be recognised.
            bytes = redactor.redact(redactor.withoutPartialEnding(capture.head))
            bytes += Array("\n[\(capture.dropped) bytes left out]\n".utf8)
            bytes += redactor.redact(redactor.withoutPartialBeginning(capture.tail))
        }
        self.lines = bytes.split(separator: UInt8(ascii: "\n")).compactMap(ScriptLog.line)
    }

    /// The last line that is not empty.
    var last: String? { self.lines.last?.text }

    func write(to logger: Logger, rotator: String, verb: ScriptVerb) {
        for line in self.lines {
            logger.log(level: line.level, "\(line.text)", metadata: ["rotator": "\(rotator)", "step": "\(verb.rawValue)"])
        }
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> Line? {
        let text = String(decoding: bytes.prefix(self.longestLine), as: UTF8.self).trimmingBlanks
        guard !text.isEmpty else { return nil }
        // sd-daemon's priorities: `<3>text`.
        let start = Array(text.utf8.prefix(3))
        if start.count == 3, start[0] == UInt8(ascii: "<"), start[2] == UInt8(ascii: ">"), (48...55).contains(start[1]) {
            return Line(level: self.levels[Int(start[1] - 48)], text: String(text.dropFirst(3)))
        }
        do {
            let json = try JSONValue(parsing: text)
            guard let message = json["msg"]?.stringValue else { return Line(level: .info, text: text) }
            return Line(level: json["level"]?.stringValue.flatMap(Logger.Level.init(rawValue:)) ?? .info, text: message)
        } catch {
            // A line need not be JSON.
            return Line(level: .info, text: text)
        }
    }

    private static let levels: [Logger.Level] = [.critical, .critical, .critical, .error, .warning, .notice, .info, .debug]
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = Substring(self)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        return String(text)
    }
}
