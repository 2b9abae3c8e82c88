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
        var rest = Array(line.unicodeScalars)[...]
        while let first = rest.first {
            switch first {
            case " ":
                rest = rest.dropFirst()
            case "`", "\"":
                guard let name = self.takeQuoted(&rest, by: first, knowsBackslash: false) else { return nil }
                tokens.append(.name(name))
            case "'":
                guard let text = self.takeQuoted(&rest, by: first, knowsBackslash: true) else { return nil }
                tokens.append(.text(text))
            case _ where self.isWord(first):
                let word = rest.prefix(while: self.isWord)
                tokens.append(.word(self.string(word)))
                rest = rest.dropFirst(word.count)
            default:
                tokens.append(.symbol(Character(first)))
                rest = rest.dropFirst()
            }
        }
        return tokens
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "$" || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            || scalar.value >= 0x80
    }

    private static func takeQuoted(
        _ rest: inout ArraySlice<Unicode.Scalar>,
        by quote: Unicode.Scalar,
        knowsBackslash: Bool
    ) -> String? {
        rest = rest.dropFirst()
        var content: [Unicode.Scalar] = []
        while let scalar = rest.popFirst() {
            if scalar == quote {
                guard rest.first == quote else { return self.string(content[...]) }
                rest = rest.dropFirst()
            } else if knowsBackslash, scalar == "\\", let escaped = rest.popFirst() {
                content.append(escaped)
                continue
            }
            content.append(scalar)
        }
        return nil
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
