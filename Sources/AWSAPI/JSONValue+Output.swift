package import SecretModel

extension JSONValue {
    /// An object of the members that have a value: the others are absent, never `null` (`aws-api.md` §1.2).
    package static func output(_ members: (String, JSONValue?)...) -> JSONValue { .output(members) }

    package static func output(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// Seconds since the epoch with a millisecond fraction.
    package static func date(_ date: Timestamp) -> JSONValue { .number(String(date.epochSeconds)) }

    /// A text that describes itself: a name, an ARN, a version id.
    static func describing(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }

    static func texts(_ values: [some CustomStringConvertible]) -> JSONValue { .array(values.map { .string($0.description) }) }
}
