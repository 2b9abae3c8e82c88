import Access
import SecretModel
import Secrets
import Storage

/// Checks a resource policy without storing it: its language, whether it lets everybody in, and whether it locks the caller out.
struct ValidateResourcePolicy: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.ValidateResourcePolicy"
    let members: [MemberRule] = [
        MemberRule("SecretId", .secretName(length: 1...2_048)), .text("ResourcePolicy", 1...20_480, isRequired: true),
    ]
    let access: AccessRule = .secret(further: [.init("secretsmanager:PutResourcePolicy") { $0.has("SecretId") }])

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let text = try input.required("ResourcePolicy")
        let errors = try await inWords { try await self.errors(in: text, input, context) }
        return .output(
            ("PolicyValidationPassed", .bool(errors.isEmpty)),
            ("ValidationErrors", .array(errors.map { ["CheckName": .string($0.check), "ErrorMessage": .string($0.message)] }))
        )
    }

    private func errors(in text: String, _ input: APIInput, _ context: CallContext) async throws -> [(check: String, message: String)] {
        let policy: PolicyDocument
        do throws(PolicySyntaxError) {
            policy = try PolicyDocument(parsing: text, as: .resource)
        } catch {
            return [("SYNTAX", error.description)]
        }
        var errors: [(String, String)] = []
        if let unknown = try await self.secrets.unknownPrincipal(of: policy) {
            errors.append(("PRINCIPAL", "\(PolicySyntaxError.unsupportedPrincipal): \(unknown) does not exist."))
        }
        if policy.isPublic {
            errors.append(
                ("PUBLIC_ACCESS", "The policy allows everybody. Name principals, or narrow it by a condition on accounts or networks.")
            )
        }
        if input.has("SecretId") {
            let reference = try input.secret()
            guard let head = try await self.secrets.head(of: reference, context.origin) else { throw APIError.noSuchSecret }
            let needed = ["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"]
            if try !needed.allSatisfy({ try context.permission.wouldAllow($0, on: head, with: policy) }) {
                errors.append(
                    ("LOCKOUT", "With this policy you could neither replace nor delete it: \(context.caller.principalARN) is locked out.")
                )
            }
        }
        return errors
    }
}
