import FoundationEssentials
import SecretModel

extension PolicyCondition {
    /// A `Condition` block: operators, each with keys, each with values.
    static func parse(_ block: PolicyElement, knowsVariables: Bool) throws(PolicySyntaxError) -> [PolicyCondition] {
        guard block.json.members != nil else { throw block.error("it must be a JSON object of operators") }
        var conditions: [PolicyCondition] = []
        for (name, keys) in try block.members() {
            guard let parsed = Operator(name) else { throw block.error("there is no operator \"\(name)\"\(Operator.hint(for: name))") }
            guard keys.json.members?.isEmpty == false else { throw keys.error("it must be a JSON object of condition keys") }
            for (key, values) in try keys.members() {
                guard key.utf8.contains(UInt8(ascii: ":")) else {
                    throw keys.error("\"\(key)\" is no condition key; a key is PREFIX:NAME, such as aws:SourceIp")
                }
                conditions.append(
                    PolicyCondition(
                        comparison: parsed.comparison,
                        quantifier: parsed.quantifier,
                        ifExists: parsed.ifExists,
                        key: asciiLowercased(key),
                        operands: try values.texts().map { value throws(PolicySyntaxError) in
                            try ConditionOperand(value, for: parsed.comparison, knowsVariables: knowsVariables)
                        }
                    )
                )
            }
        }
        return conditions
    }

    /// The texts among the operands.
    var texts: [PolicyText] {
        self.operands.compactMap { operand in
            guard case .text(let text) = operand else { return nil }
            return text
        }
    }

    /// `ForAnyValue:StringLikeIfExists`, taken apart.
    private struct Operator {
        let comparison: ConditionOperator
        let quantifier: ConditionQuantifier?
        let ifExists: Bool

        init?(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2 {
                guard let quantifier = ConditionQuantifier(rawValue: parts[0]) else { return nil }
                self.quantifier = quantifier
            } else {
                self.quantifier = nil
            }
            guard let name = parts.last else { return nil }
            let suffix = "IfExists"
            self.ifExists = name.hasSuffix(suffix)
            guard let comparison = ConditionOperator(rawValue: self.ifExists ? String(name.dropLast(suffix.count)) : name) else {
                return nil
            }
            if comparison == .null, self.ifExists || self.quantifier != nil { return nil }
            self.comparison = comparison
        }

        static func hint(for text: String) -> String {
            let names = ConditionOperator.allCases.map(\.rawValue)
            guard let similar = names.first(where: { asciiLowercased($0) == asciiLowercased(text) }) else {
                return "; known are \(names.joined(separator: ", ")), with IfExists behind and ForAllValues: or ForAnyValue: before them"
            }
            return "; did you mean \(similar)?"
        }
    }
}

extension ConditionOperand {
    fileprivate init(_ element: PolicyElement, for comparison: ConditionOperator, knowsVariables: Bool) throws(PolicySyntaxError) {
        let text = try Self.text(of: element)
        switch comparison {
        case .stringEquals, .stringNotEquals, .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase, .stringLike, .stringNotLike:
            self = .text(try element.policyText(text, knowsVariables: knowsVariables))
        case .arnEquals, .arnLike, .arnNotEquals, .arnNotLike:
            let parsed = try element.policyText(text, knowsVariables: knowsVariables)
            guard text == "*" || parsed.hasVariables || WildcardPattern(text).fields(6).count == 6 else {
                throw element.error("\"\(text)\" is no ARN; an ARN has six parts between colons, each of which may have wildcards")
            }
            self = .text(parsed)
        case .bool:
            let parsed = try element.policyText(text, knowsVariables: knowsVariables)
            guard parsed.hasVariables || ["true", "false"].contains(asciiLowercased(text)) else {
                throw element.error("\"\(text)\" is neither true nor false")
            }
            self = .text(parsed)
        case .null:
            guard ["true", "false"].contains(asciiLowercased(text)) else { throw element.error("\"\(text)\" is neither true nor false") }
            self = .flag(asciiLowercased(text) == "true")
        case .numericEquals, .numericNotEquals, .numericLessThan, .numericLessThanEquals, .numericGreaterThan, .numericGreaterThanEquals:
            guard let number = Double(policyNumber: text) else { throw element.error("\"\(text)\" is no number") }
            self = .number(number)
        case .dateEquals, .dateNotEquals, .dateLessThan, .dateLessThanEquals, .dateGreaterThan, .dateGreaterThanEquals:
            guard let date = Timestamp(policyDate: text) else {
                throw element.error("\"\(text)\" is no date; a date is written 2026-11-21T01:02:03Z or in seconds since 1970")
            }
            self = .date(date)
        case .binaryEquals:
            guard let data = Data(base64Encoded: text) else { throw element.error("\"\(text)\" is not base64") }
            self = .bytes(Array(data))
        case .ipAddress, .notIPAddress:
            guard let network = IPNetwork(text) else {
                throw element.error("\"\(text)\" is no IP address or range, such as 203.0.113.0/24")
            }
            self = .network(network)
        }
    }

    /// Numbers and truth values may stand without quotes.
    private static func text(of element: PolicyElement) throws(PolicySyntaxError) -> String {
        switch element.json {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        default: throw element.error("it must be a string, a number, true or false")
        }
    }
}
