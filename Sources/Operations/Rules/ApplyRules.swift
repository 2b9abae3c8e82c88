import AWSAPI
import ConfigurationFiles
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

/// Makes a rules file so, in one transaction: all of it or nothing (I12). Nothing rotates by it (I5).
struct ApplyRules: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ApplyRules"
    let members = PlanRules.documentMembers
    let access = AccessRule.everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let file = try RulesPlanner.file(input)
        let changes = try await RulesPlanner(parts: self.parts, context: context, input: input).changes(file)
        let refused = changes.flatMap { change in
            change.findings.filter { $0.level == .failed }.map { "\(change.rule.name): \($0.message)" + ($0.hint.map { " (\($0))" } ?? "") }
        }
        guard refused.isEmpty || input.bool("SkipPreflight") == true else {
            throw APIError(.invalidRequest, "Nothing was applied. " + refused.joined(separator: "\n"))
        }
        try await self.apply(changes.filter { $0.action != .none }, ruleset: file.ruleset, context)
        return ["Changes": .array(changes.map(\.json)), "IsApplied": true]
    }

    private func apply(_ changes: [RulesChange], ruleset: String, _ context: CallContext) async throws(APIError) {
        var rotations: [(rule: SecretRule, request: RotationRequests.Rotate, found: FoundRotator)] = []
        for change in changes {
            guard let request = change.rotation else { continue }
            rotations.append((change.rule, request, try await inWords { try await self.parts.requests.rotator(for: request) }))
        }
        try await inWords { [rotations] in
            try await self.parts.store.write { store in
                // Secrets first: one of the file may be the admin secret of another.
                for change in changes {
                    try Self.naming(change.rule) { try self.save(change, context, in: store) }
                }
                for (rule, request, found) in rotations {
                    try Self.naming(rule) {
                        try self.checkRotating(rule, request, context, in: store)
                        _ = try self.parts.requests.configure(
                            .name(rule.name),
                            in: context.scope,
                            request,
                            found,
                            mayUse: context.mayUseAdmin,
                            ruleset: ruleset,
                            by: context.origin,
                            at: context.now,
                            in: store
                        )
                    }
                }
            }
        }
        self.parts.requests.poke()
    }

    private func save(_ change: RulesChange, _ context: CallContext, in store: StoreTransaction) throws {
        let rule = change.rule
        var generator = SystemRandomNumberGenerator()
        guard change.action != .create else {
            let creation = try self.creation(of: rule, using: &generator)
            let value = creation.value.map { _ in JSONValue.Member("SecretString", "") }
            try context.check(.create, of: rule.name, [self.description(rule), self.tagMembers(rule), value].compactMap { $0 }, in: store)
            _ = try self.parts.secrets.create(rule.name, creation, context.origin, in: store)
            return
        }
        if let description = rule.description, change.fields.contains(where: { $0.name == "description" }) {
            try context.check(.update, of: rule.name, [self.description(rule)].compactMap { $0 }, in: store)
            let update = SecretService.Update(description: description)
            let token = VersionID(using: &generator)
            _ = try self.parts.secrets.update(.name(rule.name), update, token: token, context.origin, in: store)
        }
        guard change.fields.contains(where: { $0.name.hasPrefix("tags.") }) else { return }
        try context.check(.tag, of: rule.name, [self.tagMembers(rule)].compactMap { $0 }, in: store)
        try self.parts.secrets.tag(
            .name(rule.name),
            with: self.tags(rule),
            check: context.keepsAccess(to: .name(rule.name)),
            context.origin,
            in: store
        )
    }

    /// As RotateSecret without a run would be asked for.
    private func checkRotating(
        _ rule: SecretRule,
        _ request: RotationRequests.Rotate,
        _ context: CallContext,
        in store: StoreTransaction
    ) throws {
        let members: [JSONValue.Member] = [
            .init("RotationLambdaARN", .string(request.lambdaARN ?? "")), .init("RotationRules", [:]), .init("RotateImmediately", false),
        ]
        try context.check(.rotate, of: rule.name, members, in: store)
    }

    private func description(_ rule: SecretRule) -> JSONValue.Member? {
        rule.description.map { .init("Description", .string($0)) }
    }

    /// As conditions of policies see them.
    private func tagMembers(_ rule: SecretRule) -> JSONValue.Member? {
        let tags = self.tags(rule).map { JSONValue.object([.init("Key", .string($0.key)), .init("Value", .string($0.value))]) }
        return tags.isEmpty ? nil : .init("Tags", .array(tags))
    }

    /// A new secret: the template's members and a password that no target knows yet; the first rotation sets one as admin.
    private func creation(
        of rule: SecretRule,
        using generator: inout some RandomNumberGenerator
    ) throws(SecretServiceError) -> SecretService.Creation {
        var creation = SecretService.Creation(token: VersionID(using: &generator))
        creation.description = rule.description
        creation.tags = self.tags(rule)
        if let template = rule.template {
            let password = try self.parts.secrets.randomPassword(rule.password ?? .default)
            creation.value = SecretValue(string: template.setting("password", to: .string(password)).text)
        }
        return creation
    }

    private func tags(_ rule: SecretRule) -> [Tag] {
        (rule.tags ?? [:]).sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) }
    }

    /// Says which rule of the file was refused.
    private static func naming(_ rule: SecretRule, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            var refusal = APIError(wrapping: error)
            refusal.message = "Nothing was applied. \(rule.name) (line \(rule.line)): \(refusal.message)"
            throw refusal
        }
    }
}
