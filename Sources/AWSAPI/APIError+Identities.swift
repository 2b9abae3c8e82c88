import Access
import Identities
import Storage

extension APIError {
    /// Codes as IAM has them; the texts are ours, and say what to do next.
    init(_ error: IdentityError) {
        func refusal(_ code: String, _ message: String) -> APIError { APIError(code: code, message: message) }
        switch error {
        case .noSuchIdentity(let id):
            self = refusal(
                "NoSuchEntityException",
                "There is no \(id.kind.rawValue) \(id.name) in account \(id.account). "
                    + "keyturn \(id.kind.rawValue) list shows those there are."
            )
        case .identityExists(let id):
            self = refusal("EntityAlreadyExistsException", "There is a \(id.kind.rawValue) \(id.name) in account \(id.account) already.")
        case .noSuchPolicy(let name, let account):
            self = refusal(
                "NoSuchEntityException",
                "There is no policy \(name) in account \(account). keyturn policy list shows those there are."
            )
        case .policyExists(let name):
            self = refusal(
                "EntityAlreadyExistsException",
                "There is a managed policy \(name) already. Choose another name, or change it with keyturn policy update."
            )
        case .predefinedPolicy(let name):
            self = refusal(
                "UnmodifiableEntityException",
                "The policy \(name) comes with Keyturn and cannot be changed. Make one of your own."
            )
        case .policyInUse(let name, let holders):
            let list = holders.map { "\($0.kind.rawValue) \($0.name)" }.joined(separator: ", ")
            self = refusal(
                "DeleteConflictException",
                "The policy \(name) is attached to \(list). Detach it first with keyturn policy detach."
            )
        case .policyNotAttached(let name, let id):
            self = refusal(
                "NoSuchEntityException",
                "The \(id.kind.rawValue) \(id.name) has no policy \(name). keyturn \(id.kind.rawValue) show \(id.name) lists what it has."
            )
        case .noSuchAccessKey(let key, let user):
            self = refusal(
                "NoSuchEntityException",
                "The user \(user.name) has no access key \(key). keyturn user key list \(user.name) shows those there are."
            )
        case .invalidName(let name, let limit):
            self = refusal(
                "ValidationException",
                "\"\(name)\" cannot be a name: use 1 to \(limit) letters, digits and the characters _+=,.@-"
            )
        case .malformedPolicy(let error): self = refusal("MalformedPolicyDocumentException", "The policy is malformed. \(error)")
        case .unknownPrincipal(let name):
            self = refusal("MalformedPolicyDocumentException", "Invalid principal in policy: \(name) does not exist.")
        case .noBoundary(let id):
            self = refusal("NoSuchEntityException", "The \(id.kind.rawValue) \(id.name) has no permissions boundary.")
        case .lastAdministrator:
            self = refusal(
                "DeleteConflictException",
                "Nobody with AdministratorAccess, no permissions boundary and an active access key would be left in the account 000000000000. "
                    + "Give another user both first."
            )
        case .reservedTagKey(let key): self = refusal("ValidationException", "The tag key \(key) starts with aws:, which is reserved.")
        case .encryption(let error): self.init(error)
        case .store(let error): self.init(error)
        case .unexpected(let cause): self.init(internal: cause)
        }
    }
}
