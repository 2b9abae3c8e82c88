/// The condition keys of a request and their values, as policies ask for them.
///
/// Values are looked up when a policy asks, so that a request costs nothing for keys that no policy names.
package struct RequestContext: Sendable {
    package enum Value: Hashable, Sendable {
        case one(String)
        case many([String])

        var texts: [String] {
            switch self {
            case .one(let text): [text]
            case .many(let texts): texts
            }
        }
    }

    private let lookUp: @Sendable (String) -> Value?

    /// - Parameter lookUp: Given the name of a key in small letters; `nil` if the request has no such key.
    package init(_ lookUp: @escaping @Sendable (String) -> Value?) {
        self.lookUp = lookUp
    }

    /// - Parameter values: By key, whose case does not matter.
    package init(_ values: [String: Value]) {
        let lowercased = Dictionary(values.map { (asciiLowercased($0.key), $0.value) }) { first, _ in first }
        self.lookUp = { lowercased[$0] }
    }

    /// - Parameter key: In small letters.
    func value(_ key: String) -> Value? { self.lookUp(key) }

    /// The same, but what `other` has comes first.
    package func overridden(by other: RequestContext) -> RequestContext {
        RequestContext { other.value($0) ?? self.value($0) }
    }
}
