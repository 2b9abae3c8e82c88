import Encryption
import KeyManagement
import SecretModel
import Storage

struct CreateKey: APIOperation {
    let keys: KeyService

    let target = "TrentService.CreateKey"
    let members: [MemberRule] = [
        .keyPolicy(isRequired: false), .keyDescription(isRequired: false), .keyTags(isRequired: false),
        MemberRule("KeyUsage", .oneOf(["SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"])),
        MemberRule("CustomerMasterKeySpec", .oneOf(Self.specs)), MemberRule("KeySpec", .oneOf(Self.specs)),
        MemberRule("Origin", .oneOf(["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"])),
        .text("CustomKeyStoreId", 1...64), .flag("BypassPolicyLockoutSafetyCheck"), .flag("MultiRegion"), .text("XksKeyId", 1...128),
    ]
    let access: AccessRule = .everything([.kmsTags], further: [.init("kms:TagResource") { $0.has("Tags") }])

    private static let specs = [
        "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "SYMMETRIC_DEFAULT",
        "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", "SM2", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "ECC_NIST_EDWARDS25519",
    ]

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        try Self.checkKind(input)
        let key = try await inWords {
            if input.checksLockOut, let policy = input.string("Policy") {
                // The policy of a key says `*` for the key, whose id is not known yet.
                let arn = KeyReference(KeyID("00000000-0000-0000-0000-000000000000")).arn(in: context.scope)
                try context.permission.checkKeepingKey(arn, context.scope, input.keyTags(), under: policy)
            }
            return try await self.keys.create(
                description: input.string("Description") ?? "",
                policy: input.string("Policy"),
                tags: input.keyTags(),
                context.origin
            )
        }
        return .output(("KeyMetadata", .metadata(of: key)))
    }

    /// Keyturn makes symmetric keys for encryption, of its own material, for one region.
    private static func checkKind(_ input: APIInput) throws(APIError) {
        let spec = input.string("KeySpec") ?? input.string("CustomerMasterKeySpec") ?? "SYMMETRIC_DEFAULT"
        if let old = input.string("CustomerMasterKeySpec"), old != spec {
            throw APIError(.validation, "You cannot specify KeySpec and CustomerMasterKeySpec in the same request.")
        }
        guard spec == "SYMMETRIC_DEFAULT" else { throw .unsupportedKey("KeySpec \(spec) is not supported.") }
        if let usage = input.string("KeyUsage"), usage != "ENCRYPT_DECRYPT" {
            throw APIError(.validation, "KeyUsage \(usage) is not compatible with KeySpec \(spec).")
        }
        if let origin = input.string("Origin"), origin != "AWS_KMS" { throw .unsupportedKey("Origin \(origin) is not supported.") }
        if input.bool("MultiRegion") == true { throw .unsupportedKey("Multi-Region keys are not supported.") }
        if input.has("CustomKeyStoreId") || input.has("XksKeyId") { throw .unsupportedKey("Custom key stores are not supported.") }
    }
}

struct DescribeKey: APIOperation {
    let keys: KeyService

    let target = "TrentService.DescribeKey"
    let members: [MemberRule] = [.key(), .grantTokens]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        try input.checkGrants()
        return .output(("KeyMetadata", .metadata(of: try await inWords { try await self.keys.describe(reference, context.origin) })))
    }
}

struct ListKeys: APIOperation {
    let keys: KeyService

    let target = "TrentService.ListKeys"
    let members: [MemberRule] = [.limit, .marker]
    let access: AccessRule = .everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let binding = PageBinding([self.target])
        let start = try binding.marked(input).map { KeyID($0) }
        let limit = input.integer("Limit") ?? 100
        let found = try await inWords { try await self.keys.list(after: start, limit: limit + 1, context.origin) }
        return MarkedPage(found, limit: limit, binding, position: \.id.description).output("Keys") { key in
            .output(("KeyId", .describing(key.id)), ("KeyArn", .string(key.arn)))
        }
    }
}

struct UpdateKeyDescription: APIOperation {
    let keys: KeyService

    let target = "TrentService.UpdateKeyDescription"
    let members: [MemberRule] = [.key(), .keyDescription(isRequired: true)]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let text = try input.required("Description")
        try await inWords { try await self.keys.describe(as: text, reference, context.origin) }
        return .object([])
    }
}

struct EnableKey: APIOperation {
    let keys: KeyService

    let target = "TrentService.EnableKey"
    let members: [MemberRule] = [.key()]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        try await inWords { try await self.keys.enable(reference, context.origin) }
        return .object([])
    }
}

struct DisableKey: APIOperation {
    let keys: KeyService

    let target = "TrentService.DisableKey"
    let members: [MemberRule] = [.key()]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        try await inWords { try await self.keys.disable(reference, context.origin) }
        return .object([])
    }
}

struct ScheduleKeyDeletion: APIOperation {
    let keys: KeyService

    let target = "TrentService.ScheduleKeyDeletion"
    let members: [MemberRule] = [.key(), .number("PendingWindowInDays", 1...365)]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let days = input.integer("PendingWindowInDays") ?? 30
        let key = try await inWords { try await self.keys.scheduleDeletion(of: reference, afterDays: days, context.origin) }
        return .output(
            ("KeyId", .string(key.arn)),
            ("DeletionDate", key.deletionAt.map(JSONValue.date)),
            ("KeyState", .string(key.state.rawValue)),
            ("PendingWindowInDays", .integer(days))
        )
    }
}

struct CancelKeyDeletion: APIOperation {
    let keys: KeyService

    let target = "TrentService.CancelKeyDeletion"
    let members: [MemberRule] = [.key()]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let key = try await inWords { try await self.keys.cancelDeletion(of: reference, context.origin) }
        return .output(("KeyId", .string(key.arn)))
    }
}
