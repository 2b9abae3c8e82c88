import KeyManagement
import SecretModel
import Storage

struct TagKey: APIOperation {
    let keys: KeyService

    let target = "TrentService.TagResource"
    let members: [MemberRule] = [.key(), .keyTags(isRequired: true)]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        try await inWords { try await self.keys.tag(reference, with: input.keyTags(), context.origin) }
        return .object([])
    }
}

struct UntagKey: APIOperation {
    let keys: KeyService

    let target = "TrentService.UntagResource"
    let members: [MemberRule] = [.key(), .texts("TagKeys", 0...200, each: 1...128, isRequired: true)]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        try await inWords { try await self.keys.untag(reference, keys: input.strings("TagKeys") ?? [], context.origin) }
        return .object([])
    }
}

struct ListResourceTags: APIOperation {
    let keys: KeyService

    let target = "TrentService.ListResourceTags"
    let members: [MemberRule] = [.key(), .limit, .marker]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let key = try await inWords { try await self.keys.described(reference, context.origin) }
        let binding = PageBinding([self.target, key.id])
        let start = try binding.marked(input)
        return MarkedPage(of: key.tags, after: start, limit: input.integer("Limit") ?? 50, binding, position: \.key)
            .output("Tags") { ["TagKey": .string($0.key), "TagValue": .string($0.value)] }
    }
}
