package import SecretModel
package import Storage

/// What rotation does in the transaction of a change that came by another way than a run. The rooms above hand it in: this room knows
/// neither schedules nor alerts.
package struct RotationHooks: Sendable {
    /// The rotation settings with dates counted anew from `now`: a value put by hand counts as a rotation when the next date is computed,
    /// and does not move the date of the last rotation (`aws-service.md` §1.1, §1.5). Called only while rotation is enabled.
    package var datesAfterManualChange: @Sendable (SecretRecord, RotationRecord, _ now: Timestamp) -> RotationRecord
    /// Called when a secret is scheduled for deletion or deleted at once, with the record as it is after the change.
    package var secretDeleted: @Sendable (SecretRecord, _ now: Timestamp, StoreTransaction) throws -> Void

    package init(
        datesAfterManualChange: @escaping @Sendable (SecretRecord, RotationRecord, _ now: Timestamp) -> RotationRecord = { _, rotation, _ in
            rotation
        },
        secretDeleted: @escaping @Sendable (SecretRecord, _ now: Timestamp, StoreTransaction) throws -> Void = { _, _, _ in }
    ) {
        self.datesAfterManualChange = datesAfterManualChange
        self.secretDeleted = secretDeleted
    }
}
