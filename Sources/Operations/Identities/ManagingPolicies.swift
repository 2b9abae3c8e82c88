import AWSAPI
import Access
import Identities
import SecretModel
import Storage

/// `CreatePolicy` and `UpdatePolicy`: the text of a managed policy.
struct PutPolicy: APIOperation {
    let parts: OperationParts
    let isNew: Bool
    var target: String { self.isNew ? "keyturn.CreatePolicy" : "keyturn.UpdatePolicy" }
    let members: [MemberRule] = [.policyName, .accountID, .policyDocument()]
    let access = AccessRule.managedPolicy

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let account = input.account(else: context.caller.account)
        let (name, document) = (try input.required("PolicyName"), try input.required("PolicyDocument"))
        let origin = context.origin
        let policy = try await inWords {
            if self.isNew {
                try await self.parts.identities.createPolicy(name, in: account, document, origin)
            } else {
                try await self.parts.identities.updatePolicy(name, in: account, document, origin)
            }
            return try await self.parts.identities.policy(name, in: account)
        }
        return IdentityJSON.policy(policy, withDocument: true)
    }
}

struct ListPolicies: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ListPolicies"
    let members: [MemberRule] = [.accountID]
    let access = AccessRule.all("policy")

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let account = input.account(else: context.caller.account)
        let policies = try await inWords { try await self.parts.identities.policies(in: account) }
        return .output(("Policies", .array(policies.map { IdentityJSON.policy($0, withDocument: false) })))
    }
}

struct DescribePolicy: APIOperation {
    let parts: OperationParts
    let target = "keyturn.DescribePolicy"
    let members: [MemberRule] = [.policyName, .accountID]
    let access = AccessRule.managedPolicy

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let (name, account) = (try input.required("PolicyName"), input.account(else: context.caller.account))
        return IdentityJSON.policy(try await inWords { try await self.parts.identities.policy(name, in: account) }, withDocument: true)
    }
}

struct DeletePolicy: APIOperation {
    let parts: OperationParts
    let target = "keyturn.DeletePolicy"
    let members: [MemberRule] = [.policyName, .accountID]
    let access = AccessRule.managedPolicy

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let (name, account) = (try input.required("PolicyName"), input.account(else: context.caller.account))
        try await inWords { try await self.parts.identities.deletePolicy(name, in: account, context.origin) }
        return .output(("PolicyName", .string(name)))
    }
}

/// Attaches a managed policy to a user or a role or, with a document, gives it one of its own.
struct AttachPolicy: APIOperation {
    let parts: OperationParts
    let target = "keyturn.AttachPolicy"
    let members: [MemberRule] = MemberRule.holder + [.policyName, .policyDocument(isRequired: false)]
    let access = AccessRule.holder

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let (name, id) = (try input.required("PolicyName"), try input.identity(context.caller.account))
        try await inWords {
            try await self.parts.identities.attach(name, document: input.string("PolicyDocument"), to: id, context.origin)
        }
        return .output(("PolicyName", .string(name)), ("Arn", .string(id.arn)))
    }
}

struct DetachPolicy: APIOperation {
    let parts: OperationParts
    let target = "keyturn.DetachPolicy"
    let members: [MemberRule] = MemberRule.holder + [.policyName]
    let access = AccessRule.holder

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let (name, id) = (try input.required("PolicyName"), try input.identity(context.caller.account))
        try await inWords { try await self.parts.identities.detach(name, from: id, context.origin) }
        return .output(("PolicyName", .string(name)), ("Arn", .string(id.arn)))
    }
}
