import AWSAPI
import ConfigurationFiles
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

/// Makes a rules file so. Nothing rotates by it (I5), and nothing is changed if a check fails (I12).
struct ApplyRules: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ApplyRules"
    let members = PlanRules.documentMembers

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        try self.parts.authorizer.authorize(context.caller, action: "keyturn:ApplyRules", resource: "*")
        let file = try RulesPlanner.file(input)
        let changes = try await RulesPlanner(parts: self.parts, context: context).changes(file)
        let refused = changes.flatMap { change in
            change.findings.filter { $0.level == .failed }.map { "\(change.rule.name): \($0.message)" + ($0.hint.map { " (\($0))" } ?? "") }
        }
        guard refused.isEmpty || input.bool("SkipPreflight") == true else {
            throw APIError(.invalidRequest, "Nothing was applied. " + refused.joined(separator: "\n"))
        }
        for change in changes where change.action != .none { try await self.apply(change, ruleset: file.ruleset, context) }
        return ["Changes": .array(changes.map(\.json)), "IsApplied": true]
    }

    private func apply(_ change: RulesChange, ruleset: String, _ context: CallContext) async throws(APIError) {
        let rule = change.rule
        let reference = SecretReference.name(rule.name)
        var generator = SystemRandomNumberGenerator()
        do throws(SecretServiceError) {
            if change.action == .create {
                _ = try await self.parts.secrets.create(rule.name, try self.creation(of: rule, using: &generator), context.origin)
            } else {
                if let description = rule.description {
                    let token = VersionID(using: &generator)
                    _ = try await self.parts.secrets.update(reference, .init(description: description), token: token, context.origin)
                }
                if let tags = rule.tags, !tags.isEmpty {
                    try await self.parts.secrets.tag(reference, with: self.tags(tags), context.origin)
                }
            }
        } catch {
            throw APIError(error)
        }
        guard let rotation = change.rotation else { return }
        do throws(RotationRequestError) {
            _ = try await self.parts.requests.configure(reference, in: context.scope, rotation, ruleset: ruleset, by: context.actor)
        } catch {
            throw APIError(error)
        }
    }

    /// A new secret: the template's members and a password that no target knows yet; the first rotation sets one as admin.
    private func creation(
        of rule: SecretRule,
        using generator: inout some RandomNumberGenerator
    ) throws(SecretServiceError) -> SecretService.Creation {
        var creation = SecretService.Creation(token: VersionID(using: &generator))
        creation.description = rule.description
        creation.tags = self.tags(rule.tags ?? [:])
        if let template = rule.template {
            let password = try self.parts.secrets.randomPassword(rule.password ?? .default)
            creation.value = SecretValue(string: template.setting("password", to: .string(password)).text)
        }
        return creation
    }

    private func tags(_ tags: [String: String]) -> [Tag] {
        tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) }
    }
}
