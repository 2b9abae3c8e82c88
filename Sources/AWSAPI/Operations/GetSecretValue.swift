import Foundation
import SecretModel
import Secrets

struct GetSecretValue: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.GetSecretValue"
    let members: [MemberRule] = [.secretID, .versionID, .versionStage]
    let access: AccessRule = .secret([.member("VersionId"), .member("VersionStage")], isCheckedWhenRead: true)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let version = try input.version("VersionId") { text in
            APIError(.resourceNotFound, "Secrets Manager can't find the specified secret value for VersionId: \(text)")
        }
        let check = context.permission.toReadValue(of: reference, named: try input.required("SecretId"))
        let reading = try await inWords {
            try await self.secrets.get(reference, version: version, label: input.label("VersionStage"), check: check, context.origin)
        }
        return .value(reading)
    }
}

extension JSONValue {
    /// A value as GetSecretValue and BatchGetSecretValue give it.
    static func value(_ reading: SecretService.Reading) -> JSONValue {
        let content: (name: String, value: JSONValue?) =
            switch reading.value.content {
            case .string(let text): ("SecretString", .string(text))
            case .binary(let bytes): ("SecretBinary", .string(Data(bytes).base64EncodedString()))
            }
        return .output(
            ("ARN", .describing(reading.secret)),
            ("Name", .describing(reading.secret.name)),
            ("VersionId", .describing(reading.version)),
            content,
            ("VersionStages", reading.labels.isEmpty ? nil : .texts(reading.labels)),
            ("CreatedDate", .date(reading.createdAt))
        )
    }
}
