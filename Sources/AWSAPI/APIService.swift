/// One of the services that share the endpoint, as signatures name them.
package enum APIService: String, Hashable, Sendable {
    case secretsManager = "secretsmanager"
    case kms
    case sts

    /// The service that a call speaks to; Keyturn's own operations belong to Secrets Manager.
    ///
    /// - Parameter target: The value of `X-Amz-Target`; `nil` for a call without.
    package init(target: String?) {
        switch target?.split(separator: ".", maxSplits: 1).first {
        case "TrentService": self = .kms
        case "sts": self = .sts
        default: self = .secretsManager
        }
    }

    /// What policies call an operation: `kms:CreateKey` for `TrentService.CreateKey`.
    static func action(of target: String) -> String {
        let parts = target.split(separator: ".", maxSplits: 1)
        guard parts.count == 2 else { return target }
        let service = Self(target: target)
        return service == .secretsManager ? "\(parts[0]):\(parts[1])" : "\(service.rawValue):\(parts[1])"
    }
}
