/// A text with wildcards: `*` stands for any bytes, none included, `?` for exactly one character. Everything else is compared byte by byte.
struct WildcardPattern: Hashable, Sendable {
    enum Element: Hashable, Sendable {
        case byte(UInt8)
        case oneCharacter
        case anything
    }

    private(set) var elements: [Element] = []

    init() {}

    /// - Parameter text: With `*` and `?` as wildcards.
    init(_ text: String) {
        self.append(wildcards: text)
    }

    init(_ elements: some Sequence<Element>) {
        self.elements = Array(elements)
    }

    mutating func append(wildcards text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "*"):
                if self.elements.last != .anything { self.elements.append(.anything) }
            case UInt8(ascii: "?"): self.elements.append(.oneCharacter)
            default: self.elements.append(.byte(byte))
            }
        }
    }

    mutating func append(literal text: String) {
        self.elements += text.utf8.map { .byte($0) }
    }

    var hasWildcard: Bool { self.elements.contains { $0 == .anything || $0 == .oneCharacter } }

    /// The parts between the colons that the text itself has; the last one keeps further colons.
    func fields(_ count: Int) -> [WildcardPattern] {
        self.elements
            .split(separator: .byte(UInt8(ascii: ":")), maxSplits: count - 1, omittingEmptySubsequences: false)
            .map { WildcardPattern($0) }
    }

    /// The same in which the letters A to Z are small, for texts that are compared so.
    var lowercased: WildcardPattern {
        WildcardPattern(
            self.elements.map { element in
                guard case .byte(let byte) = element else { return element }
                return .byte(asciiLowercased(byte))
            }
        )
    }

    /// - Parameter ignoresCase: Compares the letters A to Z of `text` as small ones; the pattern must be `lowercased`.
    func matches(_ text: String, ignoresCase: Bool = false) -> Bool {
        if self.elements == [.anything] { return true }
        var text = text
        return text.withUTF8 { self.matches($0, ignoresCase: ignoresCase) }
    }

    /// Linear but for the return to the last `*`: its cost is at most the product of both lengths, whatever a policy's author writes.
    private func matches(_ text: UnsafeBufferPointer<UInt8>, ignoresCase: Bool) -> Bool {
        var (element, byte) = (0, 0)
        var lastStar: (element: Int, byte: Int)?
        while byte < text.count {
            if element < self.elements.count {
                switch self.elements[element] {
                case .anything:
                    lastStar = (element, byte)
                    element += 1
                    continue
                case .oneCharacter:
                    byte = Self.characterEnd(in: text, from: byte)
                    element += 1
                    continue
                case .byte(let wanted):
                    if wanted == (ignoresCase ? asciiLowercased(text[byte]) : text[byte]) {
                        byte += 1
                        element += 1
                        continue
                    }
                }
            }
            guard let star = lastStar else { return false }
            lastStar = (star.element, star.byte + 1)
            (element, byte) = (star.element + 1, star.byte + 1)
        }
        return self.elements[element...].allSatisfy { $0 == .anything }
    }

    /// Behind the character that begins at an index: its continuation bytes belong to it.
    private static func characterEnd(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start + 1
        while end < text.count, text[end] & 0b1100_0000 == 0b1000_0000 { end += 1 }
        return end
    }
}
