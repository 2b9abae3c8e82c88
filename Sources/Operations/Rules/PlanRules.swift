import AWSAPI
import SecretModel

/// The difference that a rules file would make. Changes nothing.
struct PlanRules: APIOperation {
    let parts: OperationParts
    let target = "keyturn.PlanRules"
    let members = PlanRules.documentMembers
    let access = AccessRule.everything

    static let documentMembers = [
        // Templates may hold parts of values, which belong neither into errors nor into the audit trail (I8).
        MemberRule("Document", .text(length: 0...1_000_000, pattern: nil), isRequired: true, isSensitive: true),
        .text("FileName", 1...4_096), .flag("SkipPreflight"),
    ]

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let changes = try await RulesPlanner(parts: self.parts, context: context, input: input).changes(try RulesPlanner.file(input))
        return ["Changes": .array(changes.map(\.json)), "IsApplied": false]
    }
}
