package import SecretModel

/// What a claim brought.
package struct ClaimedRuns: Sendable {
    /// A run that cannot be taken up because its row cannot be read.
    package struct Damaged: Sendable {
        /// `nil` if even that is damaged.
        package let secret: SecretARN?
        package let token: String
        package let cause: StoreError
    }

    package var runs: [RunRecord] = []
    package var damaged: [Damaged] = []
}
