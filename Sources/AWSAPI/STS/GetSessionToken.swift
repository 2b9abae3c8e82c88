import Access
import Encryption
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
        var generator = SystemRandomNumberGenerator()
        let credentials: SessionTokens.Credentials
        do throws(EncryptionError) {
            credentials = try self.tokens.issue(
                for: context.caller.accessKeyID,
                lasting: .seconds(input.integer("DurationSeconds") ?? Self.standardDuration),
                at: context.now,
                using: &generator
            )
        } catch {
            throw APIError(internal: error.description)
        }
        return .output(("Credentials", .credentials(credentials)))
    }
}

extension JSONValue {
    /// Dates are text in the query protocol, in whole seconds.
    static func credentials(_ credentials: SessionTokens.Credentials) -> JSONValue {
        .output(
            ("AccessKeyId", .string(credentials.key.id)),
            ("SecretAccessKey", .string(String(decoding: credentials.key.secret.bytes, as: UTF8.self))),
            ("SessionToken", .string(String(decoding: credentials.token.bytes, as: UTF8.self))),
            ("Expiration", .string(credentials.expiresAt.rfc3339))
        )
    }
}
