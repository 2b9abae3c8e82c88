import Foundation
import SecretModel

/// Where an element stands in its list. A page continues behind a position, so that what is deleted between two calls shifts nothing.
struct PagePosition: Hashable, Comparable {
    let number: Int64
    let text: String

    init(_ number: Int64, _ text: String) {
        self.number = number
        self.text = text
    }

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.number != rhs.number ? lhs.number < rhs.number : lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
    }
}

/// An element of a list with its place in the order.
struct PageEntry<Element> {
    let element: Element
    let key: PagePosition

    init(_ element: Element, key: PagePosition) {
        self.element = element
        self.key = key
    }
}

/// One page of a list, and the token of the next. Tokens are opaque, and bound to the call that they continue.
struct Page<Element> {
    let elements: [Element]
    /// `nil` on the last page.
    let nextToken: String?

    /// - Parameters:
    ///   - input: Whose `NextToken` says where to go on.
    ///   - binding: The operation and its filters: a token of another call is refused.
    /// - Throws: `InvalidNextTokenException`.
    init(
        of entries: [PageEntry<Element>],
        limit: Int,
        after input: APIInput,
        isDescending: Bool = false,
        binding: [any CustomStringConvertible]
    ) throws(APIError) {
        let checksum = Self.checksum(binding.map(\.description))
        let sorted = entries.sorted { isDescending ? $1.key < $0.key : $0.key < $1.key }
        var rest = sorted[...]
        if let token = input.string("NextToken") {
            let start = try Self.position(in: token, checksum)
            rest = rest.drop { isDescending ? start <= $0.key : $0.key <= start }
        }
        let page = rest.prefix(limit)
        self.elements = page.map(\.element)
        self.nextToken = rest.count > limit ? page.last.map { Self.token($0.key, checksum) } : nil
    }

    private static func token(_ key: PagePosition, _ checksum: String) -> String {
        let content: JSONValue = .array([.string(checksum), .integer(key.number), .string(key.text)])
        return Data(content.bytes).base64EncodedString()
    }

    private static func position(in token: String, _ checksum: String) throws(APIError) -> PagePosition {
        let refusal = APIError(.invalidNextToken, "The NextToken value is invalid.")
        guard let data = Data(base64Encoded: token) else { throw refusal }
        let content: JSONValue
        do throws(JSONSyntaxError) { content = try JSONValue(parsing: Array(data)) } catch { throw refusal }
        guard let parts = content.arrayValue, parts.count == 3, parts[0] == .string(checksum),
            let number = parts[1].integerValue, let text = parts[2].stringValue
        else { throw refusal }
        return PagePosition(number, text)
    }

    /// FNV-1a: tells calls apart, and protects nothing.
    private static func checksum(_ parts: [String]) -> String {
        let bytes = JSONValue.array(parts.map { .string($0) }).bytes
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        return String(hash, radix: 36)
    }
}
