import SecretModel
import TestSupport
import Testing

@Suite struct PasswordPolicyTests {
    private static let punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

    @Test(arguments: [
        PasswordPolicy(), PasswordPolicy(length: 4), PasswordPolicy(length: 4_096), PasswordPolicy.default,
        PasswordPolicy(length: 1, excludesNumbers: true, excludesPunctuation: true, excludesUppercase: true),
        PasswordPolicy(length: 5, excludedCharacters: "bcdefghijklmnopqrstuvwxyz012345678"), PasswordPolicy(includesSpace: true),
        PasswordPolicy(excludedCharacters: ":/@\"'\\"), PasswordPolicy(excludedCharacters: " é", includesSpace: true),
        PasswordPolicy(length: 1, requiresEachIncludedType: false),
        PasswordPolicy(excludedCharacters: "0123456789", requiresEachIncludedType: false),
    ])
    func passwordsFollowTheirPolicy(policy: PasswordPolicy) throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let password = try policy.generate(using: &generator)
            #expect(password.utf8.count == policy.length)
            #expect(!password.contains { policy.excludedCharacters.contains($0) })
            #expect(policy.includesSpace || !password.contains(" "))
            for (isExcluded, characters) in [
                (policy.excludesLowercase, "abcdefghijklmnopqrstuvwxyz"), (policy.excludesUppercase, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                (policy.excludesNumbers, "0123456789"), (policy.excludesPunctuation, Self.punctuation),
            ] {
                let holds = password.contains { characters.contains($0) }
                if isExcluded { #expect(!holds) }
                if policy.requiresEachIncludedType, !isExcluded { #expect(holds) }
            }
        }
    }

    @Test(arguments: [
        (PasswordPolicy(length: 0), PasswordPolicyError.lengthOutOfRange(0)), (PasswordPolicy(length: 4_097), .lengthOutOfRange(4_097)),
        (PasswordPolicy(length: -1), .lengthOutOfRange(-1)), (PasswordPolicy(length: 3), .tooShort(length: 3, requiredTypes: 4)),
        (PasswordPolicy(length: 1, excludesNumbers: true, excludesUppercase: true), .tooShort(length: 1, requiredTypes: 2)),
        (PasswordPolicy(excludedCharacters: "0123456789"), .requiredTypeIsEmpty(.digit)),
        (PasswordPolicy(excludedCharacters: String(repeating: "a", count: 4_097)), .tooManyExcludedCharacters(4_097)),
        (
            PasswordPolicy(
                excludesNumbers: true,
                excludesPunctuation: true,
                excludesUppercase: true,
                excludesLowercase: true,
                includesSpace: true
            ), .nothingLeft
        ),
    ])
    func impossiblePoliciesAreRefused(policy: PasswordPolicy, expected: PasswordPolicyError) {
        var generator = SystemRandomNumberGenerator()
        #expect(throws: expected) { try policy.validate() }
        #expect(throws: expected) { _ = try policy.generate(using: &generator) }
    }

    /// Chi-squared over all characters of many passwords: no character and no place is favoured.
    @Test func charactersAreEquallyLikely() throws {
        var generator = SeededGenerator(seed: 11)
        let policy = PasswordPolicy(length: 64, requiresEachIncludedType: false)
        var counts: [UInt8: Int] = [:]
        for _ in 0..<3_000 { for byte in try policy.generate(using: &generator).utf8 { counts[byte, default: 0] += 1 } }
        let expected = 3_000.0 * 64 / 94
        let chiSquared = counts.values.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(counts.count == 94)
        // 93 degrees of freedom: above 150 by chance in about one of 10,000.
        #expect(chiSquared < 150)
    }

    /// Each of the four places holds each type equally often although all types are required: none is placed first.
    @Test func requiredTypesFavourNoPlace() throws {
        var generator = SeededGenerator(seed: 12)
        var digits = [0, 0, 0, 0]
        for _ in 0..<2_000 {
            for (place, byte) in try PasswordPolicy(length: 4).generate(using: &generator).utf8.enumerated() where (48...57).contains(byte)
            {
                digits[place] += 1
            }
        }
        #expect(digits.reduce(0, +) == 2_000)
        #expect(digits.allSatisfy { (400...600).contains($0) })
    }

    @Test func theDefaultIsSafeInURLsShellsAndFiles() throws {
        var generator = SeededGenerator(seed: 13)
        let all = try (0..<500).map { _ in try PasswordPolicy.default.generate(using: &generator) }.joined()
        #expect(Set(all.filter { !$0.isLetter && !$0.isNumber }) == [".", "_"])
    }
}
