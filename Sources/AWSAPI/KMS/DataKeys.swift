import Encryption
import KeyManagement
import SecretModel

struct GenerateDataKey: APIOperation {
    let keys: KeyService

    let target = "TrentService.GenerateDataKey"
    let members = DataKeyCall.members
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let (plain, made) = try await DataKeyCall(keys: self.keys).make(input, context)
        return .output(
            ("CiphertextBlob", .base64(made.content.bytes)),
            ("Plaintext", .base64(plain.bytes)),
            ("KeyId", .string(made.keyARN))
        )
    }
}

struct GenerateDataKeyWithoutPlaintext: APIOperation {
    let keys: KeyService

    let target = "TrentService.GenerateDataKeyWithoutPlaintext"
    let members = DataKeyCall.members
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let (_, made) = try await DataKeyCall(keys: self.keys).make(input, context)
        return .output(("CiphertextBlob", .base64(made.content.bytes)), ("KeyId", .string(made.keyARN)))
    }
}

/// What the two calls for data keys have in common.
private struct DataKeyCall {
    let keys: KeyService

    static let members: [MemberRule] = [
        .key(), .context(), .number("NumberOfBytes", 1...1_024), MemberRule("KeySpec", .oneOf(["AES_256", "AES_128"])),
        .grantTokens, .dryRun,
    ]

    func make(
        _ input: APIInput,
        _ context: CallContext
    ) async throws(APIError) -> (plain: SecretValue, made: KeyService.Made<Ciphertext>) {
        let reference = try input.key()
        try input.checkGrants()
        let count = try Self.count(input)
        let made = try await inWords {
            try await self.keys.dataKey(bytes: count, context: input.context(), with: reference, context.origin)
        }
        try input.checkDryRun()
        return made
    }

    private static func count(_ input: APIInput) throws(APIError) -> Int {
        switch (input.integer("NumberOfBytes"), input.string("KeySpec")) {
        case (let count?, nil): return count
        case (nil, "AES_256"): return 32
        case (nil, "AES_128"): return 16
        default: throw APIError(.validation, "Please specify either number of bytes or key spec.")
        }
    }
}
