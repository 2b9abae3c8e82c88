import SecretModel
import Secrets

struct UpdateSecretVersionStage: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.UpdateSecretVersionStage"
    let members: [MemberRule] = [
        .secretID, .text("VersionStage", 1...256, isRequired: true),
        .text("RemoveFromVersionId", 32...64), .text("MoveToVersionId", 32...64),
    ]
    let access: AccessRule = .secret([.member("VersionStage")])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        guard let label = StagingLabel(try input.required("VersionStage")) else { throw .constraintViolation([.missing("VersionStage")]) }
        let remove = try input.version("RemoveFromVersionId", else: Self.unknown)
        let move = try input.version("MoveToVersionId", else: Self.unknown)
        return .identity(
            of: try await inWords { try await self.secrets.move(label, from: remove, to: move, of: reference, context.origin) }
        )
    }

    private static func unknown(_ text: String) -> APIError { APIError(.invalidParameter, "Not a valid version: \(text)") }
}
