import AWSAPI
import RotationModel
import SecretModel
import Storage

/// What rotates within the next days, soonest first: for each secret the stored next date, since that is what will happen.
struct ListUpcomingRotations: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ListUpcomingRotations"
    let members = [MemberRule.number("Days", 1...1_000)]
    let access = AccessRule.everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let scope = context.scope
        let horizon = context.now + .days(Int64(input.integer("Days") ?? 30))
        let secrets = try await self.parts.read { try $0.secrets(in: scope, includingDeleted: false) }
        let upcoming = secrets.compactMap { secret -> (due: Timestamp, json: JSONValue)? in
            guard let rotation = secret.rotation, rotation.isEnabled, let due = rotation.dueAt, due <= horizon else { return nil }
            return (
                due,
                JSONValue.output([
                    ("Name", .string(secret.arn.name.description)),
                    ("Rotator", .string(rotation.rotator.description)),
                    ("DueDate", .date(due)),
                    ("WindowStartDate", rotation.nextWindow.map { .date($0.start) }),
                    ("WindowEndDate", rotation.nextWindow.map { .date($0.end) }),
                ])
            )
        }
        return ["Upcoming": .array(upcoming.sorted { $0.due < $1.due }.map(\.json))]
    }
}
