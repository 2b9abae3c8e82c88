/// The words of a text, in lower case, as the filters `description` and `all` compare them (`aws-api.md` §6.7, observed at AWS).
struct SearchWords: Hashable, Sendable {
    private let words: [String]

    /// Words between blanks.
    init(blanksIn text: String) {
        self.words = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
    }

    /// Words between `/-_+=.@` and blanks, and at changes from lower to upper case; a run of capitals that lower case follows splits before
    /// its last capital.
    init(_ text: String) {
        var words: [String] = []
        for part in text.split(whereSeparator: { $0.isWhitespace || "/-_+=.@".contains($0) }) {
            let letters = Array(part)
            var word = ""
            for (index, letter) in letters.enumerated() {
                let followsLower = index > 0 && letters[index - 1].isLowercase
                let endsCapitals =
                    index > 0 && letters[index - 1].isUppercase && index + 1 < letters.count && letters[index + 1].isLowercase
                if letter.isUppercase, followsLower || endsCapitals {
                    words.append(word)
                    word = ""
                }
                word.append(letter)
            }
            words.append(word)
        }
        self.words = words.map { $0.lowercased() }
    }

    /// Whether each of the wanted words begins one of these. Without words nothing is found.
    func contain(_ wanted: SearchWords) -> Bool {
        !wanted.words.isEmpty && wanted.words.allSatisfy { word in self.words.contains { $0.utf8.starts(with: word.utf8) } }
    }
}
