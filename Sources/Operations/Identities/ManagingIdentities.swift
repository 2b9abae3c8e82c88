import AWSAPI
import Access
import Identities
import SecretModel
import Storage

/// `CreateUser` and `CreateRole`. What is new may do nothing until a policy is attached.
struct CreateIdentity: APIOperation {
    let parts: OperationParts
    let kind: IdentityID.Kind
    var target: String { "keyturn.Create\(self.kind.noun)" }
    var members: [MemberRule] {
        [self.kind.member, .accountID, .tags, .text("PermissionsBoundary", 1...128)]
            + (self.kind == .role ? [.policyDocument("AssumeRolePolicyDocument"), .longestSession] : [])
    }
    var access: AccessRule { .identity(self.kind) }

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let id = try input.identity(self.kind, context.caller.account)
        let tags = (input.objects("Tags") ?? []).map { Tag(key: $0.string("Key") ?? "", value: $0.string("Value") ?? "") }
        let made = try await inWords {
            _ = try await self.parts.identities.create(
                id,
                tags: tags,
                trustPolicy: input.string("AssumeRolePolicyDocument"),
                longestSession: input.integer("MaxSessionDuration"),
                boundary: input.string("PermissionsBoundary"),
                context.origin
            )
            return try await self.parts.identities.describe(id)
        }
        return IdentityJSON.identity(made)
    }
}

struct ListIdentities: APIOperation {
    let parts: OperationParts
    let kind: IdentityID.Kind
    var target: String { "keyturn.List\(self.kind.noun)s" }
    let members: [MemberRule] = [.accountID]
    var access: AccessRule { .all(self.kind.rawValue) }

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let account = input.account(else: context.caller.account)
        let found = try await inWords { try await self.parts.identities.list(self.kind, in: account) }
        return .output(("\(self.kind.noun)s", .array(found.map(IdentityJSON.identity))))
    }
}

struct DescribeIdentity: APIOperation {
    let parts: OperationParts
    let kind: IdentityID.Kind
    var target: String { "keyturn.Describe\(self.kind.noun)" }
    var members: [MemberRule] { [self.kind.member, .accountID] }
    var access: AccessRule { .identity(self.kind) }

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let id = try input.identity(self.kind, context.caller.account)
        return IdentityJSON.identity(try await inWords { try await self.parts.identities.describe(id) })
    }
}

/// Deletes a user with its keys, or a role; policies of its own go too.
struct DeleteIdentity: APIOperation {
    let parts: OperationParts
    let kind: IdentityID.Kind
    var target: String { "keyturn.Delete\(self.kind.noun)" }
    var members: [MemberRule] { [self.kind.member, .accountID] }
    var access: AccessRule { .identity(self.kind) }

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let id = try input.identity(self.kind, context.caller.account)
        try await inWords { try await self.parts.identities.delete(id, context.origin) }
        return .output(("Arn", .string(id.arn)))
    }
}
