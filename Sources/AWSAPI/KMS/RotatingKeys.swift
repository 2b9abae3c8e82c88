import Encryption
import KeyManagement
import SecretModel
import Storage

struct EnableKeyRotation: APIOperation {
    let keys: KeyService

    let target = "TrentService.EnableKeyRotation"
    let members: [MemberRule] = [.key(), .number("RotationPeriodInDays", 90...2_560)]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let days = input.integer("RotationPeriodInDays") ?? KeyService.standardPeriod
        try await inWords { try await self.keys.enableRotation(of: reference, every: days, context.origin) }
        return .object([])
    }
}

struct DisableKeyRotation: APIOperation {
    let keys: KeyService

    let target = "TrentService.DisableKeyRotation"
    let members: [MemberRule] = [.key()]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        try await inWords { try await self.keys.disableRotation(of: reference, context.origin) }
        return .object([])
    }
}

struct GetKeyRotationStatus: APIOperation {
    let keys: KeyService

    let target = "TrentService.GetKeyRotationStatus"
    let members: [MemberRule] = [.key()]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let key = try await inWords { try await self.keys.described(reference, context.origin) }
        // While a deletion is pending the status reads false, and comes back with the key.
        let rotation = key.state == .pendingDeletion ? nil : key.rotation
        return .output(
            ("KeyId", .string(key.arn)),
            ("KeyRotationEnabled", .bool(rotation != nil)),
            ("NextRotationDate", rotation.map { .date($0.nextAt) }),
            ("RotationPeriodInDays", rotation.map { .integer($0.period) })
        )
    }
}

struct RotateKeyOnDemand: APIOperation {
    let keys: KeyService

    let target = "TrentService.RotateKeyOnDemand"
    let members: [MemberRule] = [.key()]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let key = try await inWords { try await self.keys.rotate(reference, context.origin) }
        return .output(("KeyId", .string(key.arn)))
    }
}

struct ListKeyRotations: APIOperation {
    let keys: KeyService

    let target = "TrentService.ListKeyRotations"
    let members: [MemberRule] = [
        .key(), .limit, .marker, MemberRule("IncludeKeyMaterial", .oneOf(["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"])),
    ]
    let access: AccessRule = .key()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.key()
        let (key, made) = try await inWords { try await self.keys.rotations(of: reference, context.origin) }
        let binding = PageBinding([self.target, key.id])
        let start = try binding.marked(input)
        let page = MarkedPage(of: made, after: start, limit: input.integer("Limit") ?? 100, binding) { String($0.material.generation) }
        return page.output("Rotations") { rotation in
            .output(
                ("KeyId", .string(key.arn)),
                ("RotationDate", .date(rotation.createdAt)),
                ("RotationType", .string(rotation.origin.rawValue))
            )
        }
    }
}
