import KeyManagement
import SecretModel
import Storage

struct CreateAlias: APIOperation {
    let keys: KeyService

    let target = "TrentService.CreateAlias"
    let members: [MemberRule] = [.aliasName, .key("TargetKeyId")]
    let access: AccessRule = .keys([.alias, .named("TargetKeyId")])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let name = try input.required("AliasName")
        let key = try input.key("TargetKeyId")
        try await inWords { try await self.keys.createAlias(name, for: key, context.origin) }
        return .object([])
    }
}

struct UpdateAlias: APIOperation {
    let keys: KeyService

    let target = "TrentService.UpdateAlias"
    let members: [MemberRule] = [.aliasName, .key("TargetKeyId")]
    /// The key that has the alias too: who may not take it off could otherwise seal others' values under a key of his own.
    let access: AccessRule = .keys([.alias, .named("AliasName"), .named("TargetKeyId")])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let name = try input.required("AliasName")
        let key = try input.key("TargetKeyId")
        try await inWords { try await self.keys.updateAlias(name, to: key, context.origin) }
        return .object([])
    }
}

struct DeleteAlias: APIOperation {
    let keys: KeyService

    let target = "TrentService.DeleteAlias"
    let members: [MemberRule] = [.aliasName]
    let access: AccessRule = .keys([.alias, .named("AliasName")])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let name = try input.required("AliasName")
        try await inWords { try await self.keys.deleteAlias(name, context.origin) }
        return .object([])
    }
}

struct ListAliases: APIOperation {
    let keys: KeyService

    let target = "TrentService.ListAliases"
    let members: [MemberRule] = [.key(isRequired: false), .limit, .marker]
    let access: AccessRule = .everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.optionalKey()
        let binding = PageBinding([self.target, input.string("KeyId") ?? ""])
        let start = try binding.marked(input)
        let limit = input.integer("Limit") ?? 50
        let found = try await inWords { try await self.keys.aliases(of: reference, after: start, limit: limit + 1, context.origin) }
        return MarkedPage(found, limit: limit, binding, position: \.name).output("Aliases") { alias in
            .output(
                ("AliasName", .string(alias.name)),
                ("AliasArn", .string(alias.arn)),
                ("TargetKeyId", .describing(alias.key)),
                ("CreationDate", .date(alias.createdAt)),
                ("LastUpdatedDate", .date(alias.changedAt))
            )
        }
    }
}
