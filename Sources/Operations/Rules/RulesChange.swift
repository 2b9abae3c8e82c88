import AWSAPI
import ConfigurationFiles
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Storage

/// What a rules file would change of one secret.
struct RulesChange: Sendable {
    enum Action: String, Sendable {
        case create, change, none
    }

    struct Field: Sendable {
        let name: String
        let from: String?
        let to: String?
    }

    let rule: SecretRule
    let action: Action
    let fields: [Field]
    /// The rotation settings to set; `nil` if they stay as they are.
    let rotation: RotationRequests.Rotate?
    var nextWindows: [RotationWindow] = []
    var warnings: [String] = []
    var findings: [PreflightFinding] = []

    var isRefused: Bool { self.findings.contains { $0.level == .failed } }

    var json: JSONValue {
        JSONValue.output([
            ("Name", .string(self.rule.name.description)),
            ("Action", .string(self.action.rawValue)),
            (
                "Fields",
                .array(
                    self.fields.map { field in
                        JSONValue.output([
                            ("Field", .string(field.name)), ("From", field.from.map(JSONValue.string)),
                            ("To", field.to.map(JSONValue.string)),
                        ])
                    }
                )
            ),
            ("NextWindows", .array(self.nextWindows.map { ["StartDate": .date($0.start), "EndDate": .date($0.end)] })),
            ("Warnings", .array(self.warnings.map(JSONValue.string))),
            ("Findings", .array(self.findings.map(\.json))),
        ])
    }
}
