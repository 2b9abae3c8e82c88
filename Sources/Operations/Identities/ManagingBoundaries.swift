import AWSAPI
import Access
import Identities
import SecretModel
import Storage

/// Sets the managed policy that says the most that a user or a role may.
struct PutPermissionsBoundary: APIOperation {
    let parts: OperationParts
    let target = "keyturn.PutPermissionsBoundary"
    let members: [MemberRule] = MemberRule.holder + [.policyName]
    let access = AccessRule.holder

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let (name, id) = (try input.required("PolicyName"), try input.identity(context.caller.account))
        try await inWords { try await self.parts.identities.setBoundary(name, of: id, context.origin) }
        return .output(("PolicyName", .string(name)), ("Arn", .string(id.arn)))
    }
}

/// From now on the policies alone say what a user or a role may.
struct DeletePermissionsBoundary: APIOperation {
    let parts: OperationParts
    let target = "keyturn.DeletePermissionsBoundary"
    let members = MemberRule.holder
    let access = AccessRule.holder

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let id = try input.identity(context.caller.account)
        try await inWords { try await self.parts.identities.setBoundary(nil, of: id, context.origin) }
        return .output(("Arn", .string(id.arn)))
    }
}
