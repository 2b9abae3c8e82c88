import ConfigurationFiles
import RotationEngine
import RotationModel
import SecretModel
import Storage

/// Compares what a rule wants with what is there. Pure: the same rule and record give the same difference.
struct RulesComparison {
    let rule: SecretRule
    let existing: SecretRecord?
    let scope: SecretScope

    var change: RulesChange {
        let rotationFields = self.rotationFields
        let fields = self.plainFields + rotationFields
        let action: RulesChange.Action = self.existing == nil ? .create : fields.isEmpty ? .none : .change
        return RulesChange(rule: self.rule, action: action, fields: fields, rotation: rotationFields.isEmpty ? nil : self.request)
    }

    private var plainFields: [RulesChange.Field] {
        var fields: [RulesChange.Field] = []
        if let wanted = self.rule.description {
            fields += self.field("description", self.existing?.description, wanted.isEmpty ? nil : wanted)
        }
        let tags = Dictionary((self.existing?.tags ?? []).map { ($0.key, $0.value) }) { _, last in last }
        for (key, value) in (self.rule.tags ?? [:]).sorted(by: { $0.key < $1.key }) {
            fields += self.field("tags.\(key)", tags[key], value)
        }
        return fields
    }

    private var rotationFields: [RulesChange.Field] {
        guard let wanted = self.rule.rotation else { return [] }
        let old = self.existing?.rotation
        let oldRules = old?.rules
        let rules = wanted.rules
        var fields: [RulesChange.Field] = []
        fields += self.field("rotation.rotator", old?.rotator.description, wanted.rotator.description)
        fields += self.field("rotation.schedule", oldRules.map { self.text($0.frequency) }, self.text(rules.frequency))
        fields += self.field("rotation.window", oldRules?.windowHours.map { "\($0)h" }, rules.windowHours.map { "\($0)h" })
        // A rule without admin leaves the one that is bound.
        if let admin = wanted.admin { fields += self.field("rotation.admin", old?.admin?.name.description, admin.description) }
        fields += self.field("rotation.grace", oldRules?.grace.map(DurationText.format), rules.grace.map(DurationText.format))
        fields += self.field("rotation.jitter", oldRules?.jitter.map(DurationText.format), rules.jitter.map(DurationText.format))
        fields += self.field("rotation.max_age", oldRules?.maxAge.map(DurationText.format), rules.maxAge.map(DurationText.format))
        fields += self.field("rotation.freeze", self.text(oldRules?.freezes), self.text(rules.freezes))
        fields += self.field("rotation.stagger", oldRules?.stagger.map(self.text), rules.stagger.map(self.text))
        fields += self.field("rotation.options", self.text(old?.settings.options), self.text(wanted.options))
        fields += self.field("password", self.text(old?.settings.password), self.text(self.rule.password))
        if let old, !old.isEnabled { fields += self.field("rotation", "off", "on") }
        return fields
    }

    private var request: RotationRequests.Rotate? {
        guard let wanted = self.rule.rotation else { return nil }
        var generator = SystemRandomNumberGenerator()
        var request = RotationRequests.Rotate(token: VersionID(using: &generator), isImmediate: false)
        request.lambdaARN = "arn:aws:lambda:\(self.scope.region):\(self.scope.account):function:\(wanted.rotator)"
        request.rules = wanted.rules
        request.settings = RotatorSettingsData(password: self.rule.password, options: wanted.options)
        request.admin = wanted.admin.map(SecretReference.name)
        return request
    }

    private func field(_ name: String, _ from: String?, _ to: String?) -> [RulesChange.Field] {
        from == to ? [] : [RulesChange.Field(name: name, from: from, to: to)]
    }

    private func text(_ frequency: RotationRules.Frequency) -> String {
        switch frequency {
        case .days(let days): "every \(days)d"
        case .expression(let expression): expression
        }
    }

    private func text(_ freezes: [RotationRules.Freeze]?) -> String? {
        guard let freezes, !freezes.isEmpty else { return nil }
        return freezes.map { "\($0.from.rfc3339) to \($0.until.rfc3339) (\($0.reason))" }.joined(separator: ", ")
    }

    private func text(_ stagger: RotationRules.Stagger) -> String {
        "\(stagger.group), \(DurationText.format(stagger.minimumGap)) apart"
    }

    private func text(_ options: [String: String]?) -> String? {
        guard let options, !options.isEmpty else { return nil }
        return options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    private func text(_ policy: PasswordPolicy?) -> String? {
        guard let policy else { return nil }
        let left: [(String, Bool)] = [
            ("numbers", policy.excludesNumbers), ("punctuation", policy.excludesPunctuation), ("uppercase", policy.excludesUppercase),
            ("lowercase", policy.excludesLowercase),
        ]
        return (["length \(policy.length)", "without \(policy.excludedCharacters)"] + left.filter(\.1).map { "no \($0.0)" })
            .joined(separator: ", ")
    }
}
