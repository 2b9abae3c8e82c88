import SecretModel
import Secrets

struct TagResource: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.TagResource"
    let members: [MemberRule] = [.secretID, .tags(isRequired: true)]
    let access = Self.rule
    static let rule: AccessRule = .secret([.requestTags])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let tags = try input.tags()
        try await inWords {
            try await self.secrets.tag(reference, with: tags, check: context.keepsAccess(to: reference), context.origin)
        }
        return .object([])
    }
}

struct UntagResource: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.UntagResource"
    let members: [MemberRule] = [.secretID, .texts("TagKeys", 0...200, each: 1...128, isRequired: true)]
    let access: AccessRule = .secret([.tagKeys])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let keys = input.strings("TagKeys") ?? []
        try await inWords {
            try await self.secrets.untag(reference, keys: keys, check: context.keepsAccess(to: reference), context.origin)
        }
        return .object([])
    }
}
