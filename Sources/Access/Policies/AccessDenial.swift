/// A refusal, in the words of AWS (`aws-service.md` §3.5).
package struct AccessDenial: Error, Hashable, Sendable {
    package let principalARN: String
    package let action: String
    /// As the caller named it: a name stays a name, so that nobody learns of an ARN.
    package let resource: String
    /// `nil` where the reason would tell what the caller must not learn: which roles exist.
    package let refusal: AccessRefusal?

    package init(principalARN: String, action: String, resource: String, refusal: AccessRefusal?) {
        self.principalARN = principalARN
        self.action = action
        self.resource = resource
        self.refusal = refusal
    }

    package var message: String {
        "User: \(self.principalARN) is not authorized to perform: \(self.action) on resource: \(self.resource)\(self.reason)"
    }

    private var reason: String {
        switch self.refusal {
        case nil: ""
        case .explicit(let statement): " with an explicit deny in \(statement.type.withArticle)"
        case .implicit(let type): " because no \(type.rawValue) allows the \(self.action) action"
        }
    }
}

extension PolicyType {
    /// `an identity-based policy`.
    package var withArticle: String { self == .identity ? "an \(self.rawValue)" : "a \(self.rawValue)" }
}
