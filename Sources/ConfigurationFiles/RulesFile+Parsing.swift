import RotationModel
import SecretModel

extension RulesFile {
    /// Parses a rules file.
    ///
    /// - Parameter file: Its name, for messages.
    /// - Throws: all that is wrong, each with file, line, column and a suggestion.
    package init(parsing text: String, file: String) throws(ConfigurationProblems) {
        var problems: [ConfigurationProblem] = []
        var rules: [SecretRule] = []
        var name = RulesFile.defaultRuleset(file)
        do throws(ConfigurationProblem) {
            let root = try YAMLReader(file: file).root(of: text)
                .mapping("a rules file", known: ["apiVersion", "ruleset", "defaults", "secrets"])
            let version = try root.required("apiVersion", in: "a rules file")
            guard try version.text("apiVersion") == "keyturn/v1" else { throw version.problem("apiVersion must be keyturn/v1") }
            if let ruleset = root["ruleset"] { name = try ruleset.text("ruleset") }
            let defaults = try RotationDefaults(root["defaults"])
            for node in try root.required("secrets", in: "a rules file").sequence("secrets") {
                do throws(ConfigurationProblem) {
                    let rule = try SecretRule(node, defaults: defaults)
                    if rules.contains(where: { $0.name == rule.name }) { throw node.problem("\(rule.name) stands twice in this file") }
                    rules.append(rule)
                } catch {
                    problems.append(error)
                }
            }
        } catch {
            problems.append(error)
        }
        guard problems.isEmpty else { throw ConfigurationProblems(problems) }
        self.init(ruleset: name, secrets: rules)
    }

    private static func defaultRuleset(_ file: String) -> String {
        let base = file.split(separator: "/").last.map(String.init) ?? file
        return base.split(separator: ".").first.map(String.init) ?? base
    }
}

/// `defaults.rotation`: what holds for every rotation of the file that does not say otherwise.
struct RotationDefaults {
    var window: YAMLNode?
    var grace: YAMLNode?
    var jitter: YAMLNode?
    var maxAge: YAMLNode?
    var freeze: YAMLNode?

    init(_ node: YAMLNode?) throws(ConfigurationProblem) {
        guard let rotation = try node?.mapping("defaults", known: ["rotation"])["rotation"] else { return }
        let members = try rotation.mapping("defaults.rotation", known: ["window", "grace", "jitter", "max_age", "freeze"])
        self.window = members["window"]
        self.grace = members["grace"]
        self.jitter = members["jitter"]
        self.maxAge = members["max_age"]
        self.freeze = members["freeze"]
    }
}

extension SecretRule {
    init(_ node: YAMLNode, defaults: RotationDefaults) throws(ConfigurationProblem) {
        let members = try node.mapping("a secret", known: ["name", "description", "tags", "template", "password", "rotation"])
        let nameNode = try members.required("name", in: "a secret")
        guard let name = SecretName(try nameNode.text("name")) else {
            throw nameNode.problem("not a valid name: 1 to 512 of letters, digits and /_+=.@-")
        }
        self.name = name
        self.line = node.line
        self.description = try members["description"]?.text("description")
        self.tags = try members["tags"].map(SecretRule.tags)
        self.template = try members["template"].map(SecretRule.template)
        self.password = try members["password"].map(SecretRule.passwordPolicy)
        self.rotation = try members["rotation"].map { node throws(ConfigurationProblem) in try RotationRule(node, defaults: defaults) }
    }

    private static func tags(_ node: YAMLNode) throws(ConfigurationProblem) -> [String: String] {
        var tags: [String: String] = [:]
        for (key, value) in try node.openMapping("tags").entries { tags[key] = try value.text("tag \(key)") }
        return tags
    }

    private static func template(_ node: YAMLNode) throws(ConfigurationProblem) -> JSONValue {
        var members: [JSONValue.Member] = []
        for (key, value) in try node.openMapping("template").entries {
            if key == "password" {
                throw value.problem("no passwords in rules files: leave it out, and the first rotation sets one")
            }
            let text = try value.text("template.\(key)")
            switch text {
            case "true" where value.isPlainScalar: members.append(.init(key, .bool(true)))
            case "false" where value.isPlainScalar: members.append(.init(key, .bool(false)))
            default:
                let isNumber = value.isPlainScalar && Int64(text) != nil && !text.hasPrefix("+")
                members.append(.init(key, isNumber ? .number(text) : .string(text)))
            }
        }
        return .object(members)
    }

    private static func passwordPolicy(_ node: YAMLNode) throws(ConfigurationProblem) -> PasswordPolicy {
        let members = try node.mapping("password", known: ["length", "exclude", "punctuation", "numbers", "uppercase", "lowercase"])
        var policy = PasswordPolicy.default
        if let length = members["length"] { policy.length = try length.integer("password.length", in: 8...4096) }
        if let exclude = members["exclude"] { policy.excludedCharacters = try exclude.text("password.exclude") }
        if let flag = members["punctuation"] { policy.excludesPunctuation = try !flag.bool("password.punctuation") }
        if let flag = members["numbers"] { policy.excludesNumbers = try !flag.bool("password.numbers") }
        if let flag = members["uppercase"] { policy.excludesUppercase = try !flag.bool("password.uppercase") }
        if let flag = members["lowercase"] { policy.excludesLowercase = try !flag.bool("password.lowercase") }
        return policy
    }
}
