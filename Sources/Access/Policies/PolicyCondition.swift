import FoundationEssentials
import SecretModel

/// One key of a `Condition` block: an operator, and the values of which one must match.
package struct PolicyCondition: Hashable, Sendable {
    let comparison: ConditionOperator
    let quantifier: ConditionQuantifier?
    /// Holds where the request has no such key.
    let ifExists: Bool
    /// In small letters: names of keys are compared without regard to case.
    let key: String
    let operands: [ConditionOperand]

    /// An absent key fails what asks for a value, and satisfies what forbids one.
    func holds(in context: RequestContext) -> Bool {
        let values = context.value(self.key)?.texts ?? []
        if self.comparison == .null { return self.operands.contains(.flag(values.isEmpty)) }
        guard !values.isEmpty else {
            return self.ifExists || self.quantifier == .forAllValues || (self.comparison.isNegated && self.quantifier == nil)
        }
        func matches(_ value: String) -> Bool { self.operands.contains { self.matches($0, value, context) } }
        let isNegated = self.comparison.isNegated
        return switch self.quantifier {
        case nil: values.contains(where: matches) != isNegated
        case .forAllValues?: values.allSatisfy { matches($0) != isNegated }
        case .forAnyValue?: values.contains { matches($0) != isNegated }
        }
    }

    private func matches(_ operand: ConditionOperand, _ value: String, _ context: RequestContext) -> Bool {
        switch operand {
        case .text(let text): self.matches(text, value, context)
        case .number(let number): Double(policyNumber: value).map { self.compares($0, with: number) } ?? false
        case .date(let date): Timestamp(policyDate: value).map { self.compares($0, with: date) } ?? false
        case .bytes(let bytes): Data(base64Encoded: value).map { Array($0) == bytes } ?? false
        case .network(let network): network.contains(value)
        case .flag: false
        }
    }

    private func matches(_ text: PolicyText, _ value: String, _ context: RequestContext) -> Bool {
        switch self.comparison {
        case .stringLike, .stringNotLike: text.pattern(in: context)?.matches(value) ?? false
        case .arnEquals, .arnLike, .arnNotEquals, .arnNotLike: text.pattern(in: context).map { Self.isARN(value, like: $0) } ?? false
        case .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase:
            text.text(in: context).map { $0.lowercased().utf8.elementsEqual(value.lowercased().utf8) } ?? false
        case .bool: text.text(in: context).map { asciiLowercased($0) == asciiLowercased(value) } ?? false
        default: text.text(in: context).map { $0.utf8.elementsEqual(value.utf8) } ?? false
        }
    }

    /// The six parts of an ARN are matched each by itself: no wildcard reaches over a colon.
    private static func isARN(_ value: String, like pattern: WildcardPattern) -> Bool {
        if pattern.elements == [.anything] { return true }
        let parts = value.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        let patterns = pattern.fields(6)
        guard parts.count == 6, patterns.count == 6 else { return false }
        return zip(patterns, parts).allSatisfy { $0.matches(String($1)) }
    }

    private func compares<Value: Comparable>(_ value: Value, with operand: Value) -> Bool {
        switch self.comparison {
        case .numericLessThan, .dateLessThan: value < operand
        case .numericLessThanEquals, .dateLessThanEquals: value <= operand
        case .numericGreaterThan, .dateGreaterThan: value > operand
        case .numericGreaterThanEquals, .dateGreaterThanEquals: value >= operand
        default: value == operand
        }
    }
}

extension Double {
    /// A decimal number, and none of the other texts that Swift reads as one: no hexadecimal, no infinity.
    init?(policyNumber text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }), let number = Double(text) else {
            return nil
        }
        self = number
    }
}
