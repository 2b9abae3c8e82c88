import AWSAPI
import SecretModel
import Storage

/// Firing alerts, and resolved ones if asked.
struct ListAlerts: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ListAlerts"
    let members = [MemberRule.flag("IncludeResolved"), .number("MaxResults", 1...1_000)]
    let access = AccessRule.everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let includesResolved = input.bool("IncludeResolved") ?? false
        let limit = input.integer("MaxResults") ?? 100
        let account = context.scope.account
        let alerts = try await self.parts.read { try $0.alerts(includingResolved: includesResolved, limit: limit) }
            // What concerns another account is that account's business, except to the account that runs the installation.
            .filter { account == .initial || $0.owner == account }
        return [
            "Alerts": .array(
                alerts.map { alert in
                    JSONValue.output([
                        ("Name", .string(alert.name)),
                        ("Severity", .string(alert.severity)),
                        ("Status", .string(alert.endsAt == nil ? "firing" : "resolved")),
                        ("Secret", alert.secret.map { .string($0.name.description) }),
                        ("KeyArn", alert.keyARN.map(JSONValue.string)),
                        ("StartedDate", .date(alert.startsAt)),
                        ("EndedDate", alert.endsAt.map(JSONValue.date)),
                        ("ErrorCode", alert.errorCode.map(JSONValue.string)),
                        ("Fingerprint", .string(alert.fingerprint)),
                        ("Data", alert.data),
                    ])
                }
            )
        ]
    }
}

extension AlertRecord {
    /// Of the KMS key that it is about, if it is about one.
    fileprivate var keyARN: String? { self.data["key"]?["arn"]?.stringValue }

    /// The account of the secret or the key.
    fileprivate var owner: AccountID? { self.secret?.scope.account ?? self.keyARN.flatMap { AccountID.named(inARN: $0) } }
}
