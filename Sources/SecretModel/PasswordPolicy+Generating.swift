extension PasswordPolicy {
    /// The types of characters of GetRandomPassword (`aws-api.md` §6.15). The space is an extra that no rule can require.
    package enum CharacterType: String, Hashable, Sendable, CaseIterable {
        case lowercase, uppercase, digit, punctuation

        fileprivate var characters: [UInt8] {
            switch self {
            case .lowercase: Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
            case .uppercase: Array(UInt8(ascii: "A")...UInt8(ascii: "Z"))
            case .digit: Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
            case .punctuation: Array("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".utf8)
            }
        }
    }

    /// The greatest length of a password, and of the list of excluded characters.
    package static let greatestLength = 4_096

    /// Whether a password can be made: the same checks as `generate(using:)`, without making one.
    package func validate() throws(PasswordPolicyError) {
        _ = try self.alphabets()
    }

    /// A password of exactly `length` characters, each acceptable password equally likely.
    ///
    /// Whole passwords are drawn and those without a required type thrown away: placing one character of each type first would favour some
    /// passwords over others. At worst (four characters, types of very unequal size) that takes a few thousand draws.
    package func generate(using generator: inout some RandomNumberGenerator) throws(PasswordPolicyError) -> String {
        let types = try self.alphabets()
        let required = self.requiresEachIncludedType ? types : []
        let alphabet = types.flatMap { $0 } + (self.allowsSpace ? [UInt8(ascii: " ")] : [])
        // Each number of the system's generator is a system call; for one character a byte of it is enough.
        var bytes = RandomBytes(generator: generator)
        defer { generator = bytes.generator }
        while true {
            var password: [UInt8] = []
            password.reserveCapacity(self.length)
            for _ in 0..<self.length { password.append(alphabet[bytes.next(below: alphabet.count)]) }
            if required.allSatisfy({ type in password.contains { type.contains($0) } }) {
                return String(decoding: password, as: UTF8.self)
            }
        }
    }

    private var includedTypes: [CharacterType] {
        CharacterType.allCases.filter { type in
            switch type {
            case .lowercase: !self.excludesLowercase
            case .uppercase: !self.excludesUppercase
            case .digit: !self.excludesNumbers
            case .punctuation: !self.excludesPunctuation
            }
        }
    }

    private var allowsSpace: Bool {
        self.includesSpace && !self.excludedCharacters.utf8.contains(UInt8(ascii: " "))
    }

    /// The characters of each included type that the exclusions leave, types without any left out unless they are required.
    private func alphabets() throws(PasswordPolicyError) -> [[UInt8]] {
        guard (1...PasswordPolicy.greatestLength).contains(self.length) else { throw .lengthOutOfRange(self.length) }
        let excludedCount = self.excludedCharacters.unicodeScalars.count
        guard excludedCount <= PasswordPolicy.greatestLength else { throw .tooManyExcludedCharacters(excludedCount) }
        let excluded = Set(self.excludedCharacters.utf8)
        var alphabets: [[UInt8]] = []
        for type in self.includedTypes {
            let characters = type.characters.filter { !excluded.contains($0) }
            if !characters.isEmpty {
                alphabets.append(characters)
            } else if self.requiresEachIncludedType {
                throw .requiredTypeIsEmpty(type)
            }
        }
        guard !alphabets.isEmpty else { throw .nothingLeft }
        if self.requiresEachIncludedType, self.length < alphabets.count {
            throw .tooShort(length: self.length, requiredTypes: alphabets.count)
        }
        return alphabets
    }
}

/// The bytes of a generator's numbers, one after the other.
private struct RandomBytes<Generator: RandomNumberGenerator> {
    var generator: Generator
    private var number: UInt64 = 0
    private var left = 0

    init(generator: Generator) {
        self.generator = generator
    }

    /// A number below `bound`, which is at most 256, each equally likely: bytes beyond its last whole multiple are thrown away.
    mutating func next(below bound: Int) -> Int {
        while true {
            let byte = Int(self.next())
            if byte < 256 - 256 % bound { return byte % bound }
        }
    }

    private mutating func next() -> UInt8 {
        if self.left == 0 { (self.number, self.left) = (self.generator.next(), 8) }
        defer { (self.number, self.left) = (self.number >> 8, self.left - 1) }
        return UInt8(truncatingIfNeeded: self.number)
    }
}
