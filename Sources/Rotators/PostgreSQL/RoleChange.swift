/// One statement on the way from what a clone is to what its original is.
enum RoleChange: Hashable, Sendable {
    case create
    case attribute(String)
    case connectionLimit(Int)
    /// `nil` for ever.
    case validUntil(String?)
    case grant(RoleState.Membership)
    case revoke(role: String)
    case set(RoleState.Setting)
    case reset(RoleState.Setting)

    /// For people: what is missing or too much.
    var summary: String {
        switch self {
        case .create: "the role does not exist"
        case .attribute(let attribute): "attribute \(attribute)"
        case .connectionLimit: "connection limit"
        case .validUntil: "VALID UNTIL"
        case .grant(let membership): "membership in \(membership.role)"
        case .revoke(let role): "a membership in \(role) that the original does not have"
        case .set(let setting): "setting \(setting.name)"
        case .reset(let setting): "a setting \(setting.name) that the original does not have"
        }
    }
}
