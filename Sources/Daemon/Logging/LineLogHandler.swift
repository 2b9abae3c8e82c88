package import Logging
package import SecretModel

/// Writes one line an event to standard error.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: LogFormat
    private let now: @Sendable () -> Timestamp
    private let write: @Sendable (String) -> Void

    package init(
        label: String,
        level: Logger.Level,
        format: LogFormat,
        now: @escaping @Sendable () -> Timestamp = SystemClock.now,
        write: @escaping @Sendable (String) -> Void = StandardStream.error.write
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.now = now
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let metadata = self.metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let time = self.now().preciseRFC3339
        switch self.format {
        case .text:
            let pairs = metadata.map { " \($0.key)=\(Self.oneLine("\($0.value)"))" }.joined()
            self.write("\(time) \(event.level.rawValue) \(self.label): \(Self.oneLine("\(event.message)"))\(pairs)\n")
        case .json:
            let members: [JSONValue.Member] =
                [
                    .init("time", .string(time)), .init("level", .string(event.level.rawValue)), .init("logger", .string(self.label)),
                    .init("message", .string("\(event.message)")),
                ] + metadata.map { .init($0.key, .string("\($0.value)")) }
            self.write(String(decoding: JSONValue.object(members).bytes, as: UTF8.self) + "\n")
        }
    }

    /// A message must not forge a second line.
    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}

extension LoggingSystem {
    /// - Parameter format: `nil` for text on a terminal and JSON elsewhere.
    package static func bootstrap(level: Logger.Level, format: LogFormat?) {
        let format = format ?? (StandardStream.error.isTerminal ? .text : .json)
        Self.bootstrap { LineLogHandler(label: $0, level: level, format: format) }
    }
}
