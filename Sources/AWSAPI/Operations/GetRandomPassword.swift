import SecretModel
import Secrets

struct GetRandomPassword: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.GetRandomPassword"
    let members: [MemberRule] = [
        .number("PasswordLength", 1...4_096), .text("ExcludeCharacters", 0...4_096),
        .flag("ExcludeNumbers"), .flag("ExcludePunctuation"), .flag("ExcludeUppercase"), .flag("ExcludeLowercase"),
        .flag("IncludeSpace"), .flag("RequireEachIncludedType"),
    ]
    let access: AccessRule = .everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let policy = PasswordPolicy(
            length: input.integer("PasswordLength") ?? 32,
            excludedCharacters: input.string("ExcludeCharacters") ?? "",
            excludesNumbers: input.bool("ExcludeNumbers") ?? false,
            excludesPunctuation: input.bool("ExcludePunctuation") ?? false,
            excludesUppercase: input.bool("ExcludeUppercase") ?? false,
            excludesLowercase: input.bool("ExcludeLowercase") ?? false,
            includesSpace: input.bool("IncludeSpace") ?? false,
            requiresEachIncludedType: input.bool("RequireEachIncludedType") ?? true
        )
        let password = try await inWords { try self.secrets.randomPassword(policy) }
        return .output(("RandomPassword", .string(password)))
    }
}
