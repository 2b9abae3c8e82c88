/// One of the services that share the endpoint, as signatures name them.
package enum APIService: String, Hashable, Sendable {
    case secretsManager = "secretsmanager"
    case kms
    case sts
    case cloudTrail = "cloudtrail"

    /// The service that a call speaks to; Keyturn's own operations belong to Secrets Manager.
    ///
    /// - Parameter target: The value of `X-Amz-Target`; `nil` for a call without.
    package init(target: String?) {
        switch target?.split(separator: ".", maxSplits: 1).first {
        case "TrentService": self = .kms
        case "sts": self = .sts
        case "com" where target?.utf8.starts(with: "com.amazonaws.cloudtrail.".utf8) == true: self = .cloudTrail
        default: self = .secretsManager
        }
    }
}
