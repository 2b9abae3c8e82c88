import AWSAPI
import ConfigurationFiles
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Storage

/// Turns a rules file into changes, each checked as far as that goes without changing anything.
struct RulesPlanner {
    let parts: OperationParts
    let context: CallContext
    /// Whether the targets are asked.
    let asksTargets: Bool

    /// How many rules are checked at a time: a target that does not answer must not hold up the checks of all others (I10).
    private static let checksAtOnce = 8

    /// - Parameter input: With `SkipPreflight`, no target is asked.
    init(parts: OperationParts, context: CallContext, input: APIInput) {
        self.parts = parts
        self.context = context
        self.asksTargets = input.bool("SkipPreflight") != true
    }

    /// - Throws: `InvalidParameterException` with file, line and column of everything that is wrong with the file.
    static func file(_ input: APIInput) throws(APIError) -> RulesFile {
        let document = try input.required("Document")
        do throws(ConfigurationProblems) {
            return try RulesFile(parsing: document, file: input.string("FileName") ?? "rules.yaml")
        } catch {
            throw APIError(.invalidParameter, error.description)
        }
    }

    func changes(_ file: RulesFile) async throws(APIError) -> [RulesChange] {
        try await inWords {
            try await withThrowingTaskGroup(of: (Int, RulesChange).self) { group in
                var found: [Int: RulesChange] = [:]
                for (number, rule) in file.secrets.enumerated() {
                    if number >= Self.checksAtOnce, let (done, change) = try await group.next() { found[done] = change }
                    group.addTask { (number, try await self.change(rule, in: file)) }
                }
                for try await (number, change) in group { found[number] = change }
                return file.secrets.indices.compactMap { found[$0] }
            }
        }
    }

    private func change(_ rule: SecretRule, in file: RulesFile) async throws(APIError) -> RulesChange {
        let scope = self.context.scope
        let adminName = rule.rotation?.admin
        let (existing, madeAt, admin) = try await self.parts.read { store in
            try self.context.check(.describe, of: rule.name, in: store)
            let existing = try store.secret(matching: .name(rule.name), in: scope)
            if let adminName, adminName != existing?.rotation?.admin?.name {
                try self.context.mayUseAdmin(.name(adminName), try store.head(matching: .name(adminName), in: scope), store)
            }
            if existing != nil, self.asksTargets { try self.context.check(.preflight, of: rule.name, in: store) }
            let current = try existing.flatMap { secret in
                try secret.labels.holder(of: .current).flatMap { try store.version($0, of: secret.arn) }
            }
            return (existing, current?.createdAt, try adminName.flatMap { try store.secret(matching: .name($0), in: scope) })
        }
        var change = RulesComparison(rule: rule, existing: existing, scope: scope).change
        let willCreateAdmin = file.secrets.contains { $0.name == adminName }
        change.findings += await self.findings(rule, existing: existing, admin: admin, willCreateAdmin: willCreateAdmin)
        if let rules = change.rotation?.rules {
            let upcoming = try self.upcoming(rules, of: rule.name, existing: existing, madeAt: madeAt)
            change.nextWindows = upcoming.map(\.window)
            if let late = upcoming.first(where: \.passesMaxAge) {
                change.warnings.append("no window before max age: the next possible rotation is due \(late.dueAt.rfc3339)")
            }
        }
        guard let request = change.rotation, existing != nil, !change.isRefused else { return change }
        guard self.asksTargets else {
            change.findings.append(PreflightFinding(.unproven, check: "target", "not asked; keyturn rotate \(rule.name) --dry-run does"))
            return change
        }
        do throws(APIError) {
            change.findings += try await inWords {
                try await self.parts.requests.preflight(.name(rule.name), in: scope, request, mayUse: self.context.mayUseAdmin)
            }
        } catch {
            change.findings.append(PreflightFinding(.failed, check: "rules", error.message))
        }
        return change
    }

    /// What can be said without asking a target.
    private func findings(
        _ rule: SecretRule,
        existing: SecretRecord?,
        admin: SecretRecord?,
        willCreateAdmin: Bool
    ) async -> [PreflightFinding] {
        var findings: [PreflightFinding] = []
        let place = "line \(rule.line)"
        if let existing, existing.deletedAt != nil {
            findings.append(
                PreflightFinding(.failed, check: "secret", "\(rule.name) (\(place)) is marked for deletion", hint: "restore it first")
            )
        }
        if existing == nil, rule.template == nil {
            findings.append(
                PreflightFinding(
                    .failed,
                    check: "secret",
                    "\(rule.name) (\(place)) does not exist, and the rule has no template to make it from",
                    hint: "keyturn secret put \(rule.name), or add a template"
                )
            )
        }
        guard let rotation = rule.rotation else { return findings }
        guard let rotator = await self.parts.rotators.rotator(named: rotation.rotator) else {
            let known = await self.parts.rotators.manifests().map(\.name.description)
            let suggestion = nearest(to: rotation.rotator.description, among: known).map { "did you mean \($0)?" }
            findings.append(
                PreflightFinding(
                    .failed,
                    check: "rotator",
                    "there is no rotator \(rotation.rotator) (\(place))",
                    hint: suggestion ?? "keyturn rotator list shows them, and what is wrong with scripts that are not used"
                )
            )
            return findings
        }
        if let name = rotation.admin, admin == nil, !willCreateAdmin {
            findings.append(
                PreflightFinding(
                    .failed,
                    check: "admin",
                    "the admin secret \(name) (\(place)) does not exist",
                    hint: "keyturn secret put \(name)"
                )
            )
        }
        if rotator.manifest.requiresAdmin, rotation.admin == nil {
            findings.append(
                PreflightFinding(
                    .failed,
                    check: "admin",
                    "\(rotation.rotator) needs an admin secret (\(place))",
                    hint: "add \"admin: NAME\""
                )
            )
        }
        if existing == nil, rule.template != nil, rotation.admin == nil {
            findings.append(
                PreflightFinding(
                    .failed,
                    check: "secret",
                    "\(rule.name) (\(place)) would be made with a password that no target knows, and nobody may set it",
                    hint: "add \"admin: NAME\", or store the live value with keyturn secret put \(rule.name)"
                )
            )
        }
        if existing == nil, rule.template != nil {
            findings.append(
                PreflightFinding(.unproven, check: "target", "checked once the secret exists: keyturn rotate \(rule.name) --dry-run")
            )
        }
        return findings
    }

    /// The next three rotations, as if the rules were in force now.
    private func upcoming(
        _ rules: RotationRules,
        of name: SecretName,
        existing: SecretRecord?,
        madeAt: Timestamp?
    ) throws(APIError) -> [PlannedRotation] {
        // Before the secret exists its ARN, from which the jitter is drawn, is not known; the windows do not depend on it.
        guard let arn = existing?.arn ?? SecretARN(scope: self.context.scope, name: name, suffix: "000000") else { return [] }
        do throws(InvalidRules) {
            let base = existing?.rotation?.lastRotatedAt ?? madeAt ?? self.context.now
            return try RotationPlanner(rules: rules).upcoming(3, base: base, now: self.context.now, secret: arn)
        } catch {
            throw APIError(.invalidParameter, "\(name): \(error.description)")
        }
    }
}
