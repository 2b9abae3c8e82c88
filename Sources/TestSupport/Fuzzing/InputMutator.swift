/// Breaks well-formed inputs in the ways that parsers fall over: bytes changed, cut, doubled and moved, tokens of the grammar put where they
/// do not belong, parts of two inputs joined.
struct InputMutator {
    /// Tokens of the grammar, and what is awkward for every parser.
    private let tokens: [[UInt8]]

    init(tokens: [String]) {
        let awkward = [
            "", "\u{0}", "\u{7f}", "é", "e\u{301}", "😀", "\r\n", " ", "\t", "\"", "\\", "\\u0000", "\\ud800", "-0", "1e999",
            "99999999999999999999", "%00", "%", "${", "}", "*", "?", String(repeating: "A", count: 300), String(repeating: "[", count: 200),
            String(repeating: "*", count: 40),
        ]
        self.tokens = (tokens + awkward).map { Array($0.utf8) } + [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]]
    }

    func mutated(_ input: [UInt8], other: [UInt8], using random: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &random) { self.mutate(&bytes, other, using: &random) }
        // Longer inputs are no more inventive, only slower.
        return Array(bytes.prefix(4_096))
    }

    private func mutate(_ bytes: inout [UInt8], _ other: [UInt8], using random: inout some RandomNumberGenerator) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...16, using: &random))
        let token = self.tokens.randomElement(using: &random) ?? []
        switch Int.random(in: 0..<9, using: &random) {
        case 0: if start < bytes.count { bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 1: if start < bytes.count { bytes[start] = UInt8.random(in: 0...255, using: &random) }
        case 2: bytes.removeSubrange(start..<end)
        case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 4: bytes.insert(contentsOf: token, at: start)
        case 5: bytes.replaceSubrange(start..<end, with: token)
        case 6: bytes = Array(bytes.prefix(start))
        case 7: bytes.replaceSubrange(start..<bytes.count, with: other.suffix(Int.random(in: 0...other.count, using: &random)))
        default:
            let piece = Array(bytes[start..<end])
            bytes.removeSubrange(start..<end)
            bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
        }
    }
}
