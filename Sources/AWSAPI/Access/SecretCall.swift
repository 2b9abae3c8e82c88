import Access
package import SecretModel
import Secrets
package import Storage

/// A call about one secret that an operation of Keyturn's own stands for, and that it asks leave for as that call would.
package enum SecretCall: String, Sendable {
    case describe = "secretsmanager:DescribeSecret"
    case create = "secretsmanager:CreateSecret"
    case update = "secretsmanager:UpdateSecret"
    case tag = "secretsmanager:TagResource"
    case rotate = "secretsmanager:RotateSecret"
    case preflight = "keyturn:PreflightRotation"

    fileprivate var rule: AccessRule {
        switch self {
        case .describe, .preflight: .secret()
        case .create: CreateSecret.rule
        case .update: UpdateSecret.rule
        case .tag: TagResource.rule
        case .rotate: RotateSecret.rule
        }
    }
}

extension CallContext {
    /// - Parameters:
    ///   - name: Of the secret, in the call's own account and region.
    ///   - members: What the call would have besides the name: conditions of policies speak of it.
    /// - Throws: `AccessDenial`, `SecretServiceError`, `PolicySyntaxError`.
    package func check(
        _ call: SecretCall,
        of name: SecretName,
        _ members: [JSONValue.Member] = [],
        in store: some ReadableStore
    ) throws {
        let (text, reference) = (name.description, SecretReference.name(name))
        let input = APIInput(.object([.init(call == .create ? "Name" : "SecretId", .string(text))] + members))
        let head = call == .create ? nil : try SecretService.head(of: reference, in: self.scope, at: self.now, store)
        let rule = call.rule
        try self.permission.asking(rule, input).check(
            [call.rawValue] + rule.further.filter { $0.isNeeded(input, self.caller.session) }.map(\.action),
            on: reference,
            named: text,
            value: rule.value,
            head,
            store
        )
    }
}

extension AccessPermission {
    /// What the same caller may do by another call.
    fileprivate func asking(_ rule: AccessRule, _ input: APIInput) -> AccessPermission {
        AccessPermission(facts: self.facts, input: input, rule: rule, policies: self.policies)
    }
}
