/// What a generated password must look like: the parameters of GetRandomPassword (`aws-api.md` §6.15).
package struct PasswordPolicy: Hashable, Sendable, Codable {
    package var length: Int
    package var excludedCharacters: String
    package var excludesNumbers: Bool
    package var excludesPunctuation: Bool
    package var excludesUppercase: Bool
    package var excludesLowercase: Bool
    package var includesSpace: Bool
    package var requiresEachIncludedType: Bool

    /// AWS's own defaults.
    package init(
        length: Int = 32,
        excludedCharacters: String = "",
        excludesNumbers: Bool = false,
        excludesPunctuation: Bool = false,
        excludesUppercase: Bool = false,
        excludesLowercase: Bool = false,
        includesSpace: Bool = false,
        requiresEachIncludedType: Bool = true
    ) {
        self.length = length
        self.excludedCharacters = excludedCharacters
        self.excludesNumbers = excludesNumbers
        self.excludesPunctuation = excludesPunctuation
        self.excludesUppercase = excludesUppercase
        self.excludesLowercase = excludesLowercase
        self.includesSpace = includesSpace
        self.requiresEachIncludedType = requiresEachIncludedType
    }

    /// For credentials: 32 characters that are safe in URLs, DSNs, shells, INI files and `.pgpass` (`lessons.md` F1): letters, digits,
    /// `.` and `_`. Not `-`, which makes an option of a password that begins with it, and not `~`, which shells expand there.
    package static let `default` = PasswordPolicy(excludedCharacters: "!\"#$%&'()*+,-/:;<=>?@[\\]^`{|}~")
}
