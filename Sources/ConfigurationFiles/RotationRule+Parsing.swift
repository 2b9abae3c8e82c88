import RotationModel
import SecretModel

extension RotationRule {
    private static let known = [
        "rotator", "strategy", "every", "schedule", "window", "admin", "grace", "jitter", "freeze", "stagger", "max_age", "options",
    ]

    init(_ node: YAMLNode, defaults: RotationDefaults) throws(ConfigurationProblem) {
        let members = try node.mapping("rotation", known: RotationRule.known)
        self.rotator = try RotationRule.rotator(members)
        self.admin = try members["admin"].map { node throws(ConfigurationProblem) in
            guard let name = SecretName(try node.text("admin")) else { throw node.problem("admin must be the name of a secret") }
            return name
        }
        var options: [String: String] = [:]
        for (key, value) in try members["options"]?.openMapping("options").entries ?? [] {
            options[key] = try value.text("options.\(key)")
        }
        self.options = options
        var rules = RotationRules(frequency: try RotationRule.frequency(members))
        if let window = members["window"] ?? defaults.window {
            let span = try window.duration("window")
            guard span >= .hours(1), span.wholeMicroseconds % Duration.hours(1).wholeMicroseconds == 0 else {
                throw window.problem("window must be whole hours, at least 1h")
            }
            rules.windowHours = Int(span.wholeMicroseconds / Duration.hours(1).wholeMicroseconds)
        }
        rules.grace = try (members["grace"] ?? defaults.grace)?.duration("grace")
        rules.jitter = try (members["jitter"] ?? defaults.jitter)?.duration("jitter")
        rules.maxAge = try (members["max_age"] ?? defaults.maxAge)?.duration("max_age")
        rules.freezes = try (members["freeze"] ?? defaults.freeze).map(RotationRule.freezes) ?? []
        rules.stagger = try members["stagger"].map(RotationRule.stagger)
        do throws(InvalidRules) {
            try rules.validate()
        } catch {
            throw (members["schedule"] ?? members["every"] ?? node).problem(error.description)
        }
        self.rules = rules
    }

    private static func rotator(_ members: YAMLMapping) throws(ConfigurationProblem) -> RotatorName {
        let node = try members.required("rotator", in: "rotation")
        var text = try node.text("rotator")
        if let strategy = members["strategy"] {
            let wanted = try strategy.text("strategy")
            guard RotationStrategy(rawValue: wanted) != nil else {
                let known = RotationStrategy.allCases.map(\.rawValue)
                throw strategy.problem("unknown strategy \"\(wanted)\"; known are: \(known.joined(separator: ", "))")
            }
            text += "-\(wanted)"
        }
        guard let name = RotatorName(text) else {
            throw node.problem("not a rotator's name: lower-case letters, digits and hyphens")
        }
        return name
    }

    private static func frequency(_ members: YAMLMapping) throws(ConfigurationProblem) -> RotationRules.Frequency {
        switch (members["every"], members["schedule"]) {
        case (let every?, let schedule?):
            _ = every
            throw schedule.problem("give either \"every\" or \"schedule\", not both")
        case (nil, nil):
            throw members.place.problem("rotation needs \"every\" (30d, 12h) or \"schedule\" (cron(…) or rate(…))")
        case (nil, let schedule?):
            return .expression(try schedule.text("schedule"))
        case (let every?, nil):
            let span = try every.duration("every").wholeMicroseconds / 1_000_000
            if span % 86_400 == 0, (1...1_000).contains(span / 86_400) { return .days(Int(span / 86_400)) }
            guard span % 3_600 == 0, span >= 4 * 3_600 else {
                throw every.problem("every must be whole days (1d to 1000d) or whole hours from 4h")
            }
            return .expression("rate(\(span / 3_600) hours)")
        }
    }

    private static func freezes(_ node: YAMLNode) throws(ConfigurationProblem) -> [RotationRules.Freeze] {
        var freezes: [RotationRules.Freeze] = []
        for entry in try node.sequence("freeze") {
            let members = try entry.mapping("a freeze", known: ["from", "until", "reason"])
            let from = try RotationRule.time(try members.required("from", in: "a freeze"))
            let until = try RotationRule.time(try members.required("until", in: "a freeze"))
            guard from < until else { throw entry.problem("a freeze must end after it begins") }
            freezes.append(.init(from: from, until: until, reason: try members["reason"]?.text("reason") ?? "freeze"))
        }
        return freezes
    }

    private static func time(_ node: YAMLNode) throws(ConfigurationProblem) -> Timestamp {
        guard let time = Timestamp(rfc3339: try node.text("a time")) else {
            throw node.problem("times are UTC: 2026-12-20 or 2026-12-20T18:00:00Z")
        }
        return time
    }

    private static func stagger(_ node: YAMLNode) throws(ConfigurationProblem) -> RotationRules.Stagger {
        let members = try node.mapping("stagger", known: ["group", "min_gap"])
        let group = try members.required("group", in: "stagger").text("stagger.group")
        let gap = try members.required("min_gap", in: "stagger").duration("stagger.min_gap")
        return .init(group: group, minimumGap: gap)
    }
}
