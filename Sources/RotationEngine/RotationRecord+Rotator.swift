import RotationModel
import Rotators
import SecretModel
import Storage

/// What a rotator and the stored settings of a rotation have to do with each other.
extension RotationRecord {
    /// The settings as a rotator takes them.
    var rotatorSettings: RotatorSettings {
        RotatorSettings(password: self.settings.password ?? .default, options: self.settings.options)
    }

    mutating func bind(to identity: TargetIdentity) {
        (self.target, self.account) = (identity.target, identity.account)
    }

    func isBound(to identity: TargetIdentity) -> Bool { self.target == identity.target && self.account == identity.account }
}
