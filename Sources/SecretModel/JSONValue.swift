/// A JSON document that keeps what Foundation's decoder loses: the order of members and the text of numbers.
///
/// A secret's JSON is written back with one member changed and everything else as its owner wrote it.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number's own text, valid by RFC 8259.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// The member of an object; `nil` if absent or if this is no object. The last of duplicate members wins.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The same object with one member set in place, or appended when absent.
    package func setting(_ name: String, to value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return .object([Member(name, value)]) }
        func isNamed(_ member: Member) -> Bool { member.name.utf8.elementsEqual(name.utf8) }
        guard let index = members.lastIndex(where: isNamed) else { return .object(members + [Member(name, value)]) }
        return .object(
            members.enumerated().compactMap { position, member in
                guard isNamed(member) else { return member }
                return position == index ? Member(member.name, value) : nil
            }
        )
    }

    package var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The number as an integer; `nil` for fractions, exponents that are not whole, and overflow.
    package var integerValue: Int64? {
        guard case .number(let text) = self else { return nil }
        if let value = Int64(text) { return value }
        guard let double = Double(text), double.rounded() == double, abs(double) < 9e15 else { return nil }
        return Int64(double)
    }

    package var arrayValue: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .number(String(value)) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
