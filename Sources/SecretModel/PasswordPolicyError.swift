/// Why no password can be made from a policy. Nothing is ever weakened to make one possible.
package enum PasswordPolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Outside 1 to 4096.
    case lengthOutOfRange(Int)
    /// More than 4096 characters in the list of excluded ones.
    case tooManyExcludedCharacters(Int)
    /// Each included type is required, and there are more of them than characters.
    case tooShort(length: Int, requiredTypes: Int)
    /// Each included type is required, but the exclusions leave nothing of this one.
    case requiredTypeIsEmpty(PasswordPolicy.CharacterType)
    /// No letter, digit or punctuation character is left.
    case nothingLeft

    package var description: String {
        switch self {
        case .lengthOutOfRange(let length):
            "a password has 1 to \(PasswordPolicy.greatestLength) characters, not \(length)"
        case .tooManyExcludedCharacters(let count):
            "at most \(PasswordPolicy.greatestLength) characters can be excluded, not \(count)"
        case .tooShort(let length, let types):
            "Password length is too short based on the required types. \(length) characters cannot hold \(types) types"
        case .requiredTypeIsEmpty(let type):
            "each included type is required, but every \(type.rawValue) character is excluded"
        case .nothingLeft:
            "the exclusions leave no character to make a password of"
        }
    }
}
