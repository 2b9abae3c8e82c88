package import SecretModel
package import Storage

/// Writes alert rows and their messages in the transaction that caused them (I9). Synchronous; delivery is the outbox's.
package struct AlertRecorder: Sendable {
    /// What happened to a run, for the table of alerts.
    package enum Event: Sendable {
        /// An attempt failed; the run waits, or is over for this window.
        case attemptFailed(RunRecord)
        /// The run needs a person. `allRefused`: nothing we hold logs in (I4).
        case parked(RunRecord, allRefused: Bool)
        case succeeded(RunRecord)
        /// The next rotation date passed without success (I11); the unfinished run if there is one.
        case overdue(RunRecord?)
        /// I4 found that someone else changed the credential.
        case drift(RunRecord)
        case rotationDisabled
        case secretDeleted
    }

    /// - Parameter secret: The secret as it is after the change.
    package func record(_ event: Event, of secret: SecretRecord, at now: Timestamp, in store: StoreTransaction) throws {
        fatalError("stub")
    }
}
