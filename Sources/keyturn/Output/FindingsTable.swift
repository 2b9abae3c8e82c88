import SecretModel

/// The findings of a preflight or of `doctor`, one a line, each failure with what to do.
enum FindingsTable {
    static func text(_ findings: [JSONValue]) -> String {
        findings.map { finding in
            var line = "\(self.mark(finding.cell("Level"))) \(finding.cell("Check")): \(finding.cell("Message"))"
            if let hint = finding["Hint"]?.stringValue { line += "\n    next: \(hint)" }
            return line + "\n"
        }.joined()
    }

    static func hasFailure(_ findings: [JSONValue]) -> Bool {
        findings.contains { $0["Level"]?.stringValue == "failed" }
    }

    private static func mark(_ level: String) -> String {
        switch level {
        case "passed": "✓"
        case "failed": "✗"
        case "unproven": "?"
        default: "!"
        }
    }
}
