import SecretModel

/// The difference that a rules file makes: + create, ~ change; what stays is counted, and shown (=) only if a check of it fails.
enum PlanText {
    static func hasChanges(_ plan: JSONValue) -> Bool {
        (plan["Changes"]?.arrayValue ?? []).contains { $0.cell("Action") != "none" }
    }

    static func text(_ plan: JSONValue) -> String {
        var text = ""
        var same = 0
        for change in plan["Changes"]?.arrayValue ?? [] {
            let findings = change["Findings"]?.arrayValue ?? []
            if change.cell("Action") == "none" {
                same += 1
                guard FindingsTable.hasFailure(findings) else { continue }
            }
            text += "\(Self.mark(change.cell("Action"))) \(change.cell("Name"))\n"
            for field in change["Fields"]?.arrayValue ?? [] {
                text += "    \(field.cell("Field")): \(field.cell("From")) → \(field.cell("To"))\n"
            }
            let windows = (change["NextWindows"]?.arrayValue ?? []).map { "\($0.date("StartDate")) to \($0.date("EndDate"))" }
            if !windows.isEmpty { text += "    next windows: \(windows.joined(separator: ", "))\n" }
            for warning in change["Warnings"]?.arrayValue ?? [] { text += "    ! \(warning.stringValue ?? "")\n" }
            for line in FindingsTable.text(findings).split(separator: "\n") { text += "    \(line)\n" }
        }
        let applied = plan["IsApplied"]?.boolValue == true ? "Applied; nothing was rotated." : "Nothing was changed."
        return text + "\(same) unchanged. \(applied)\n"
    }

    private static func mark(_ action: String) -> String {
        switch action {
        case "create": "+"
        case "change": "~"
        default: "="
        }
    }
}
