/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For a person at a terminal.
    case text
    /// One JSON object a line, for a collector.
    case json
}
