import AWSAPI
import Access
import Identities
import SecretModel
import Storage

/// Changes who may assume a role, and for how long at most.
struct UpdateRole: APIOperation {
    let parts: OperationParts
    let target = "keyturn.UpdateRole"
    let members: [MemberRule] = [
        IdentityID.Kind.role.member, .accountID, .policyDocument("AssumeRolePolicyDocument", isRequired: false), .longestSession,
    ]
    let access = AccessRule.identity(.role)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let role = try input.identity(.role, context.caller.account)
        let changed = try await inWords {
            try await self.parts.identities.updateRole(
                role,
                trustPolicy: input.string("AssumeRolePolicyDocument"),
                longestSession: input.integer("MaxSessionDuration"),
                context.origin
            )
            return try await self.parts.identities.describe(role)
        }
        return IdentityJSON.identity(changed)
    }
}

/// Ends the sessions of a role that there are: their requests are denied from now on.
struct RevokeSessions: APIOperation {
    let parts: OperationParts
    let target = "keyturn.RevokeSessions"
    let members: [MemberRule] = [IdentityID.Kind.role.member, .accountID]
    let access = AccessRule.identity(.role)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let role = try input.identity(.role, context.caller.account)
        try await inWords { try await self.parts.identities.revokeSessions(of: role, context.origin) }
        return .output(("Arn", .string(role.arn)))
    }
}
