import RotationModel
import Rotators
import SecretModel
import Storage

extension RunAttempt {
    /// Makes sure that the secret's value names the account that the run is bound to, whose only run it is (I7): somebody may have put a
    /// value of another account or host. Not asked once the target was touched: then the run has to be brought to its end.
    ///
    /// - Returns: Why the run must not go on.
    mutating func misbinding(_ rotator: any Rotator) async throws(WorkerStop) -> RotationFailure? {
        guard !self.run.isTargetTouched, !self.run.isPromoted, self.run.boundAccount != nil,
            let current = try await self.values().current
        else { return nil }
        let identity: TargetIdentity
        do throws(RotationFailure) {
            identity = try rotator.identity(of: current, settings: self.settings)
        } catch {
            // A value that names no account: the step itself says what is wrong with it.
            return nil
        }
        if identity.target == self.run.target, identity.account == self.run.boundAccount { return nil }
        return RotationFailure(
            .configInvalid,
            "the value of the secret names an account or a target that its rotation is not bound to",
            hint: "Call RotateSecret, or apply the rules, again: that binds the rotation to the account of the value, if no other secret "
                + "rotates it and its admin secret may be used there.",
            isRetryable: false
        )
    }
}
