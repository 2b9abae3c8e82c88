package import RotationModel
package import SecretModel

/// A secret whose run may start, as far as its scheduler has to know it.
package struct DueSecret: Hashable, Sendable {
    package let arn: SecretARN
    /// `nil`: the name is damaged, or there is none.
    package let rotator: RotatorName?
}
