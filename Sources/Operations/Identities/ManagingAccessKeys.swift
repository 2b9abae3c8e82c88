import AWSAPI
import Access
import Identities
import SecretModel
import Storage

/// Makes a further access key. Its secret is in this answer, and nowhere else.
struct CreateAccessKey: APIOperation {
    let parts: OperationParts
    let target = "keyturn.CreateAccessKey"
    let members = [IdentityID.Kind.user.member, .accountID]
    let access = AccessRule.identity(.user)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let user = try input.identity(.user, context.caller.account)
        let key = try await inWords { try await self.parts.identities.createKey(for: user, context.origin) }
        return .output(
            ("UserName", .string(user.name)),
            ("AccessKeyId", .string(key.id)),
            ("SecretAccessKey", key.secret.string.map(JSONValue.string)),
            ("Status", "Active"),
            ("CreateDate", .date(context.now))
        )
    }
}

/// Makes an access key work or stop working.
struct UpdateAccessKey: APIOperation {
    let parts: OperationParts
    let target = "keyturn.UpdateAccessKey"
    let members = [
        IdentityID.Kind.user.member, .accountID, .accessKeyID, MemberRule("Status", .oneOf(["Active", "Inactive"]), isRequired: true),
    ]
    let access = AccessRule.identity(.user)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let user = try input.identity(.user, context.caller.account)
        let (key, status) = (try input.required("AccessKeyId"), try input.required("Status"))
        try await inWords {
            try await self.parts.identities.setKey(key, of: user, isActive: status == "Active", context.origin)
        }
        return .output(("UserName", .string(user.name)), ("AccessKeyId", .string(key)), ("Status", .string(status)))
    }
}

struct DeleteAccessKey: APIOperation {
    let parts: OperationParts
    let target = "keyturn.DeleteAccessKey"
    let members = [IdentityID.Kind.user.member, .accountID, .accessKeyID]
    let access = AccessRule.identity(.user)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let user = try input.identity(.user, context.caller.account)
        let key = try input.required("AccessKeyId")
        try await inWords { try await self.parts.identities.deleteKey(key, of: user, context.origin) }
        return .output(("UserName", .string(user.name)), ("AccessKeyId", .string(key)))
    }
}
