import Access
import SecretModel

/// Temporary credentials with the rights of the user who asks.
struct GetSessionToken: APIOperation {
    let tokens: SessionTokens

    let target = "sts.GetSessionToken"
    let members: [MemberRule] = [
        .number("DurationSeconds", 900...129_600), .text("SerialNumber", 9...256),
        MemberRule("TokenCode", .text(length: 6...6, pattern: nil), isSensitive: true),
    ]
    let access: AccessRule = .nothing

    /// Twelve hours, as at AWS.
    private static let standardDuration = 43_200

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        guard context.caller.session == nil else {
            throw APIError(.accessDenied, "Cannot call GetSessionToken with session credentials")
        }
        guard !input.has("SerialNumber"), !input.has("TokenCode") else {
            throw APIError(.accessDenied, "MultiFactorAuthentication failed: there are no MFA devices.")
        }
        let holder = SessionTokens.Holder.user(accessKeyID: context.caller.accessKeyID)
        return .output(
            ("Credentials", try self.tokens.answer(holder, seconds: input.integer("DurationSeconds") ?? Self.standardDuration, context))
        )
    }

    func recorded(of output: JSONValue) -> JSONValue? { .output(("credentials", output["Credentials"]?.recordedCredentials)) }
}
