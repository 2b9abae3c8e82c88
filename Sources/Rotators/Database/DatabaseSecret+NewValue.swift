import RotationModel
import SecretModel

extension DatabaseSecret {
    /// The pending value: this one with a generated password.
    /// - Throws: `config_invalid` when the password policy leaves nothing to choose from.
    func withNewPassword(
        _ policy: PasswordPolicy,
        username: String? = nil,
        using generator: inout some RandomNumberGenerator
    ) throws(RotationFailure) -> SecretValue {
        do {
            return self.replacing(password: SecretValue(string: try policy.generate(using: &generator)), username: username)
        } catch {
            throw RotationFailure(.configInvalid, "no password can be made from the password policy: \(error)")
        }
    }

    /// A password that is none of ours: what the target must refuse, if a login shall prove anything (W11).
    static func wrongPassword(using generator: inout some RandomNumberGenerator) -> SecretValue {
        SecretValue(string: (0..<4).map { _ in String(UInt64.random(in: .min ... .max, using: &generator), radix: 36) }.joined())
    }
}
