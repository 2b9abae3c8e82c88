import RotationModel
import SecretModel

extension MemberRule {
    /// Formal limits only (`aws-service.md` §1.1); whether an expression makes sense is the schedule's to say.
    static let rotationRules = MemberRule(
        "RotationRules",
        .structure([
            .number("AutomaticallyAfterDays", 1...1_000),
            .text("Duration", 2...3, matching: TextPattern("[0-9]+h") { $0.utf8.last == 104 && Self.isDigits($0.dropLast()) }),
            .text(
                "ScheduleExpression",
                1...256,
                matching: .alphanumerics(and: "()#?*-/, ", text: #"[0-9A-Za-z\(\)#\?\*\-\/, ]+"#)
            ),
        ])
    )

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    }
}

extension APIInput {
    /// - Returns: `nil` if the call has no rules, or empty ones: the stored ones stay.
    func rotationRules() throws(APIError) -> RotationRules? {
        guard let rules = self.object("RotationRules") else { return nil }
        let hours = rules.string("Duration").flatMap { Int($0.dropLast()) }
        switch (rules.integer("AutomaticallyAfterDays"), rules.string("ScheduleExpression")) {
        case (.some, .some):
            throw APIError(.invalidParameter, "You cannot specify both rotation frequency and schedule expression together.")
        case (let days?, nil): return RotationRules(frequency: .days(days), windowHours: hours)
        case (nil, let expression?): return RotationRules(frequency: .expression(expression), windowHours: hours)
        case (nil, nil):
            guard hours == nil else {
                throw APIError(.invalidParameter, "Duration needs AutomaticallyAfterDays or ScheduleExpression beside it.")
            }
            return nil
        }
    }
}

extension JSONValue {
    /// The rules as they were sent, without members that the caller did not write: an added one is drift to Terraform.
    static func rotationRules(_ rules: RotationRules) -> JSONValue {
        let duration = rules.windowHours.map { JSONValue.string("\($0)h") }
        return switch rules.frequency {
        case .days(let days): .output(("AutomaticallyAfterDays", .integer(days)), ("Duration", duration))
        case .expression(let text): .output(("Duration", duration), ("ScheduleExpression", .string(text)))
        }
    }
}
