import KeyManagement
import SecretModel
import Storage

struct PutKeyPolicy: APIOperation {
    let keys: KeyService

    let target = "TrentService.PutKeyPolicy"
    let members: [MemberRule] = [.key(), .policyName, .keyPolicy(isRequired: true), .flag("BypassPolicyLockoutSafetyCheck")]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let policy = try input.required("Policy")
        let name = input.string("PolicyName") ?? KeyPolicy.name
        let (checksLockOut, permission) = (input.checksLockOut, context.permission)
        let check: KeyService.PolicyCheck = { key in
            if checksLockOut { try permission.checkKeepingKey(key.arn, key.scope, key.tags, under: policy) }
        }
        try await inWords { try await self.keys.putPolicy(policy, name: name, on: reference, check: check, context.origin) }
        return .object([])
    }
}

struct GetKeyPolicy: APIOperation {
    let keys: KeyService

    let target = "TrentService.GetKeyPolicy"
    let members: [MemberRule] = [.key(), .policyName]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let name = input.string("PolicyName") ?? KeyPolicy.name
        let policy = try await inWords { try await self.keys.policy(named: name, of: reference, context.origin) }
        return .output(("Policy", .string(policy)), ("PolicyName", .string(name)))
    }
}

struct ListKeyPolicies: APIOperation {
    let keys: KeyService

    let target = "TrentService.ListKeyPolicies"
    let members: [MemberRule] = [.key(), .limit, .marker]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        _ = try await inWords { try await self.keys.described(reference, context.origin) }
        return .output(("PolicyNames", [.string(KeyPolicy.name)]), ("Truncated", false))
    }
}
