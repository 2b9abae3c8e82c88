/// The pieces of a line of SHOW GRANTS.
enum GrantToken: Hashable {
    case word(String)
    /// In backticks or, from servers with ANSI_QUOTES, double quotes.
    case name(String)
    case text(String)
    case symbol(Character)

    /// A user or host, which a server quotes in one of its ways or, with `sql_quote_show_create` off, only where it must.
    var nameText: String? {
        switch self {
        case .word(let text), .name(let text), .text(let text): text
        case .symbol: nil
        }
    }

    /// Splits a line; quoted names and texts may contain anything, " TO " included (W7).
    ///
    /// - Returns: `nil` if a quote is not closed.
    static func tokens(of line: String) -> [GrantToken]? {
        var tokens: [GrantToken] = []
        // Whatever separates is ASCII, so that bytes are enough.
        var rest = Array(line.utf8)[...]
        while let first = rest.first {
            switch first {
            case UInt8(ascii: " "):
                rest = rest.dropFirst()
            case UInt8(ascii: "`"), UInt8(ascii: "\""):
                guard let name = self.takeQuoted(&rest, by: first, knowsBackslash: false) else { return nil }
                tokens.append(.name(name))
            case UInt8(ascii: "'"):
                guard let text = self.takeQuoted(&rest, by: first, knowsBackslash: true) else { return nil }
                tokens.append(.text(text))
            case _ where self.isWord(first):
                let word = rest.prefix(while: self.isWord)
                tokens.append(.word(String(decoding: word, as: UTF8.self)))
                rest = rest.dropFirst(word.count)
            default:
                tokens.append(.symbol(Character(Unicode.Scalar(first))))
                rest = rest.dropFirst()
            }
        }
        return tokens
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...: true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }

    private static func takeQuoted(
        _ rest: inout ArraySlice<UInt8>,
        by quote: UInt8,
        knowsBackslash: Bool
    ) -> String? {
        rest = rest.dropFirst()
        var content: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote {
                guard rest.first == quote else { return String(decoding: content, as: UTF8.self) }
                rest = rest.dropFirst()
            } else if knowsBackslash, byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                content.append(escaped)
                continue
            }
            content.append(byte)
        }
        return nil
    }
}
