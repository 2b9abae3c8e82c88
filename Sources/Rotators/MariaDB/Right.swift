/// The smallest thing that one account can have and another lack.
enum Right: Hashable, Sendable {
    case privilege(String, column: String?, on: GrantObject)
    /// May pass on its privileges on the object.
    case grantOption(on: GrantObject)
    case role(String, isAdmin: Bool)
    case proxy(AccountName, canGrant: Bool)
}

extension Right: CustomStringConvertible {
    var description: String {
        switch self {
        case .privilege(let name, nil, let object): "\(name) ON \(object)"
        case .privilege(let name, let column?, let object): "\(name) (\(column)) ON \(object)"
        case .grantOption(let object): "GRANT OPTION ON \(object)"
        case .role(let name, let isAdmin): "role \(name)\(isAdmin ? " WITH ADMIN OPTION" : "")"
        case .proxy(let name, let canGrant): "PROXY ON \(name)\(canGrant ? " WITH GRANT OPTION" : "")"
        }
    }
}
