import Encryption
import KeyManagement
import SecretModel

struct Encrypt: APIOperation {
    let keys: KeyService

    let target = "TrentService.Encrypt"
    let members: [MemberRule] = [
        .key(), MemberRule("Plaintext", .blob(length: 1...4_096), isRequired: true, isSensitive: true), .context(), .algorithm(),
        .grantTokens, .dryRun,
    ]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        try input.checkAlgorithm()
        try input.checkGrants()
        let plain = SecretValue(binary: input.bytes("Plaintext") ?? [])
        let made = try await inWords {
            try await self.keys.encrypt(plain, context: input.context(), with: reference, context.origin)
        }
        try input.checkDryRun()
        return .output(
            ("CiphertextBlob", .base64(made.content.bytes)),
            ("KeyId", .string(made.keyARN)),
            ("EncryptionAlgorithm", "SYMMETRIC_DEFAULT")
        )
    }
}

struct Decrypt: APIOperation {
    let keys: KeyService

    let target = "TrentService.Decrypt"
    let members: [MemberRule] = [.ciphertext(), .context(), .key(isRequired: false), .algorithm(), .grantTokens, .dryRun]
    let access: AccessRule = .keys([.ofCiphertext()])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.optionalKey()
        try input.checkAlgorithm()
        try input.checkGrants()
        let ciphertext = input.bytes("CiphertextBlob") ?? []
        let made = try await inWords {
            try await self.keys.decrypt(ciphertext, context: input.context(), with: reference, context.origin)
        }
        try input.checkDryRun()
        return .output(
            ("KeyId", .string(made.keyARN)),
            ("Plaintext", .base64(made.content.bytes)),
            ("EncryptionAlgorithm", "SYMMETRIC_DEFAULT")
        )
    }
}

struct ReEncrypt: APIOperation {
    let keys: KeyService

    let target = "TrentService.ReEncrypt"
    let members: [MemberRule] = [
        .ciphertext(), .context("SourceEncryptionContext"), .key("SourceKeyId", isRequired: false), .key("DestinationKeyId"),
        .context("DestinationEncryptionContext"), .algorithm("SourceEncryptionAlgorithm"), .algorithm("DestinationEncryptionAlgorithm"),
        .grantTokens, .dryRun,
    ]
    let access: AccessRule = .keys(
        [
            .ofCiphertext(for: "kms:ReEncryptFrom", in: "SourceEncryptionContext"),
            .named("DestinationKeyId", for: "kms:ReEncryptTo", in: "DestinationEncryptionContext"),
        ],
        []
    )

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let source = (context: input.context("SourceEncryptionContext"), key: try input.optionalKey("SourceKeyId"))
        let destination = (context: input.context("DestinationEncryptionContext"), key: try input.key("DestinationKeyId"))
        try input.checkGrants()
        try input.checkAlgorithm("SourceEncryptionAlgorithm")
        try input.checkAlgorithm("DestinationEncryptionAlgorithm")
        let ciphertext = input.bytes("CiphertextBlob") ?? []
        let (made, sourceARN) = try await inWords {
            try await self.keys.reEncrypt(ciphertext, from: source, to: destination, context.origin)
        }
        try input.checkDryRun()
        return .output(
            ("CiphertextBlob", .base64(made.content.bytes)),
            ("SourceKeyId", .string(sourceARN)),
            ("KeyId", .string(made.keyARN)),
            ("SourceEncryptionAlgorithm", "SYMMETRIC_DEFAULT"),
            ("DestinationEncryptionAlgorithm", "SYMMETRIC_DEFAULT")
        )
    }
}

struct GenerateRandom: APIOperation {
    let keys: KeyService

    let target = "TrentService.GenerateRandom"
    let members: [MemberRule] = [.number("NumberOfBytes", 1...1_024)]
    let access: AccessRule = .everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        guard let count = input.integer("NumberOfBytes") else {
            throw APIError(.validation, "NumberOfBytes is required.")
        }
        return .output(("Plaintext", .base64(self.keys.randomBytes(count).bytes)))
    }
}
