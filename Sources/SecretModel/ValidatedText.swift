/// A text that was checked on creation. It is coded as a plain string, and checked again when it is decoded.
package protocol ValidatedText: Codable, Hashable, Sendable, CustomStringConvertible {
    /// - Returns: `nil` if the text does not have the form of this type.
    init?(_ text: String)
}

extension ValidatedText {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a valid \(Self.self)")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
