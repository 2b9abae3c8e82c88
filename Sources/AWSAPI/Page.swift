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

/// The call that a token continues: the operation and its filters. A token of another call is refused.
struct PageBinding {
    private let checksum: String

    /// - Parameter parts: What the token must not outlive a change of.
    init(_ parts: [any CustomStringConvertible]) {
        // FNV-1a: tells calls apart, and protects nothing.
        let bytes = JSONValue.array(parts.map { .string($0.description) }).bytes
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        self.checksum = String(hash, radix: 36)
    }

    func token(_ position: PagePosition) -> String {
        let content: JSONValue = .array([.string(self.checksum), .integer(position.number), .string(position.text)])
        return Data(content.bytes).base64EncodedString()
    }

    /// Behind which element the call's token says to go on; `nil` on the first page.
    ///
    /// - Throws: `InvalidNextTokenException`, or the refusal that is given.
    func start(
        of input: APIInput,
        in member: String = "NextToken",
        else refusal: APIError = APIError(.invalidNextToken, "The NextToken value is invalid.")
    ) throws(APIError) -> PagePosition? {
        guard let token = input.string(member) else { return nil }
        guard let data = Data(base64Encoded: token) else { throw refusal }
        let content: JSONValue
        do throws(JSONSyntaxError) { content = try JSONValue(parsing: Array(data)) } catch { throw refusal }
        guard let parts = content.arrayValue, parts.count == 3, parts[0] == .string(self.checksum),
            let number = parts[1].integerValue, let text = parts[2].stringValue
        else { throw refusal }
        return PagePosition(number, text)
    }
}

/// One page of a list, and the token of the next, which is opaque.
struct Page<Element> {
    let elements: [Element]
    /// `nil` on the last page.
    let nextToken: String?

    /// - Parameter entries: What follows the page before, in order: all of it, or one more than `limit`.
    init(_ entries: some Collection<PageEntry<Element>>, limit: Int, _ binding: PageBinding) {
        let page = Array(entries.prefix(limit))
        self.elements = page.map(\.element)
        self.nextToken = entries.count > limit ? page.last.map { binding.token($0.key) } : nil
    }

    /// The page of a whole list, in ascending order.
    ///
    /// - Throws: `InvalidNextTokenException`.
    init(
        of entries: [PageEntry<Element>],
        limit: Int,
        after input: APIInput,
        binding: [any CustomStringConvertible]
    ) throws(APIError) {
        let binding = PageBinding(binding)
        let start = try binding.start(of: input)
        let sorted = entries.sorted { $0.key < $1.key }
        self.init(sorted.drop { entry in start.map { entry.key <= $0 } ?? false }, limit: limit, binding)
    }
}
