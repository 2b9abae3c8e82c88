import RotationEngine
import RotationModel
import SecretModel
import Storage

struct RotateSecret: APIOperation {
    let rotation: RotationRequests

    let target = "secretsmanager.RotateSecret"
    /// The members about managed external secrets are checked, and otherwise of no effect: no partner is known here.
    let members: [MemberRule] = [
        .secretID, .clientRequestToken, .text("RotationLambdaARN", 0...2_048), .rotationRules, .flag("RotateImmediately"),
        .structures("ExternalSecretRotationMetadata", 0...1_000, of: [.text("Key", 1...256), .text("Value", 1...2_048)]),
        .text("ExternalSecretRotationRoleArn", 20...2_048),
    ]
    let access = Self.rule
    static let rule: AccessRule = .secret(
        [.member("RotationLambdaARN"), .member("RotateImmediately"), .presence(of: "RotationRules", as: "ModifyRotationRules")]
    )

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        var request = RotationRequests.Rotate(
            token: try input.clientRequestToken(orRefuseWith: .invalidParameter),
            isImmediate: input.bool("RotateImmediately") ?? true
        )
        request.lambdaARN = input.nonEmptyString("RotationLambdaARN")
        request.rules = try input.rotationRules()
        let secret = try await inWords { [request] in
            try await self.rotation.rotate(reference, in: context.scope, request, mayUse: context.mayUseAdmin, by: context.origin)
        }
        return .output(("ARN", .describing(secret.arn)), ("Name", .describing(secret.arn.name)), ("VersionId", .describing(request.token)))
    }
}

struct CancelRotateSecret: APIOperation {
    let rotation: RotationRequests

    let target = "secretsmanager.CancelRotateSecret"
    let members: [MemberRule] = [.secretID]
    let access: AccessRule = .secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let (secret, version) = try await inWords {
            try await self.rotation.cancel(reference, in: context.scope, by: context.origin)
        }
        return .output(
            ("ARN", .describing(secret.arn)),
            ("Name", .describing(secret.arn.name)),
            ("VersionId", version.map(JSONValue.describing))
        )
    }
}
