import Access
import SecretModel

/// Who the caller is. AWS asks no permission for it: a denied caller may learn its own name.
struct GetCallerIdentity: APIOperation {
    let target = "sts.GetCallerIdentity"
    let members: [MemberRule] = []
    let access: AccessRule = .nothing

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        .output(
            ("Arn", .string(context.caller.principalARN)),
            ("UserId", .string(context.caller.userID)),
            ("Account", .describing(context.caller.account))
        )
    }
}
