import SecretModel

/// One page of a list as KMS gives it: `Truncated`, and `NextMarker` when there is more.
struct MarkedPage<Element> {
    let elements: [Element]
    private let nextMarker: String?

    /// - Parameters:
    ///   - entries: What follows the page before: all of it, or one more than `limit`.
    ///   - position: Where an element stands in the list's order.
    init(_ entries: [Element], limit: Int, _ binding: PageBinding, position: (Element) -> String) {
        self.elements = Array(entries.prefix(limit))
        self.nextMarker = entries.count > limit ? self.elements.last.map { binding.token(PagePosition(0, position($0))) } : nil
    }

    /// The page of a whole list, in the list's own order.
    init(of all: [Element], after start: String?, limit: Int, _ binding: PageBinding, position: (Element) -> String) {
        let rest = start.flatMap { start in all.firstIndex { position($0) == start }.map { all[($0 + 1)...] } } ?? all[...]
        self.init(Array(rest), limit: limit, binding, position: position)
    }

    func output(_ name: String, _ shape: (Element) -> JSONValue) -> JSONValue {
        .output(
            (name, .array(self.elements.map(shape))),
            ("NextMarker", self.nextMarker.map { .string($0) }),
            ("Truncated", .bool(self.nextMarker != nil))
        )
    }
}

extension PageBinding {
    /// Behind which element `Marker` says to go on; `nil` on the first page.
    ///
    /// - Throws: `InvalidMarkerException`.
    func marked(_ input: APIInput) throws(APIError) -> String? {
        let refusal = APIError(code: "InvalidMarkerException", message: "The marker is not one of this list.")
        return try self.start(of: input, in: "Marker", else: refusal)?.text
    }
}
