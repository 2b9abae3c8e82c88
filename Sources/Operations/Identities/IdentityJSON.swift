import AWSAPI
import Identities
import SecretModel
import Storage

/// Users, roles and policies as the operations answer them, with the names that IAM has.
enum IdentityJSON {
    static func identity(_ description: IdentityService.Description) -> JSONValue {
        let identity = description.identity
        let noun = identity.id.kind.noun
        return .output(
            ("\(noun)Name", .string(identity.id.name)),
            ("\(noun)Id", .string(identity.uniqueID)),
            ("Arn", .string(identity.id.arn)),
            ("CreateDate", .date(identity.createdAt)),
            ("Tags", identity.tags.isEmpty ? nil : .array(identity.tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })),
            ("AssumeRolePolicyDocument", identity.trustPolicy.map(JSONValue.string)),
            ("MaxSessionDuration", identity.id.kind == .role ? .integer(identity.longestSession ?? IdentityRecord.standardSession) : nil),
            ("PermissionsBoundary", identity.boundary.map(JSONValue.string)),
            ("Policies", .array(description.policies.map(Self.attachment))),
            ("AccessKeys", identity.id.kind == .user ? .array(description.keys.map(Self.key)) : nil)
        )
    }

    static func policy(_ policy: IdentityService.PolicyDescription, withDocument: Bool) -> JSONValue {
        .output(
            ("PolicyName", .string(policy.name)),
            ("IsPredefined", .bool(policy.isPredefined)),
            ("AttachedTo", .array(policy.holders.map { .string($0.arn) })),
            ("PolicyDocument", withDocument ? .string(policy.document) : nil)
        )
    }

    private static func attachment(_ policy: IdentityPolicyRecord) -> JSONValue {
        .output(
            ("PolicyName", .string(policy.name)),
            ("IsInline", .bool(policy.document != nil)),
            ("PolicyDocument", policy.document.map(JSONValue.string))
        )
    }

    /// Never the secret: it was shown when the key was made.
    private static func key(_ key: AccessKeyRecord) -> JSONValue {
        [
            "AccessKeyId": .string(key.id), "Status": .string(key.isActive ? "Active" : "Inactive"), "CreateDate": .date(key.createdAt),
        ]
    }
}
