import RotationModel
import SecretModel

/// The values of one step, read and checked against each other.
struct DatabaseValues {
    let current: DatabaseSecret
    let pending: DatabaseSecret
    let previous: DatabaseSecret?
    let admin: DatabaseSecret?

    /// - Throws: `config_invalid` when a value cannot be read, or when pending does not live where current does: a value that was swapped
    ///   in must not lead the rotator to change another account (the confused deputy of `rotation-contract.md` §2.2).
    /// - Parameter nextAccount: Which account pending must be of, given that of current.
    init(
        _ context: StepContext,
        accepting engines: Set<DatabaseEngine>,
        nextAccount: (DatabaseSecret) throws(RotationFailure) -> String
    ) throws(RotationFailure) {
        guard let current = context.current else {
            throw RotationFailure(.configInvalid, "the secret has no current value: a rotation starts from one")
        }
        guard let pending = context.pending else {
            throw RotationFailure(.preconditionFailed, "there is no pending value: createSecret comes first")
        }
        self.current = try DatabaseSecret(current, as: .current, accepting: engines)
        self.pending = try DatabaseSecret(pending, as: .pending, accepting: engines)
        self.previous = try Self.usable(context.previous, accepting: engines, like: self.current)
        self.admin = try Self.admin(of: self.current, in: context, accepting: engines)
        let account = try nextAccount(self.current)
        guard self.pending.username == account else {
            throw RotationFailure(
                .configInvalid,
                "the pending value is of the account \(self.pending.username), where \(account) was expected",
                hint: "The account of the current value changed while the rotation ran, or the pending value was written by hand."
            )
        }
        guard self.pending.host == self.current.host, self.pending.port == self.current.port else {
            throw RotationFailure(.configInvalid, "the pending value names another host or port than the current value")
        }
    }

    /// The previous value is a candidate only if it can be read and is of the same server: anything else proves nothing about this one.
    private static func usable(
        _ previous: SecretValue?,
        accepting engines: Set<DatabaseEngine>,
        like current: DatabaseSecret
    ) throws(RotationFailure) -> DatabaseSecret? {
        guard let previous else { return nil }
        do throws(RotationFailure) {
            let value = try DatabaseSecret(previous, as: .previous, accepting: engines, inheritingFrom: current)
            return value.host == current.host && value.port == current.port ? value : nil
        } catch {
            return nil
        }
    }

    /// The admin secret, which must be of the same server (W24).
    static func admin(
        of current: DatabaseSecret,
        in context: StepContext,
        accepting engines: Set<DatabaseEngine>
    ) throws(RotationFailure) -> DatabaseSecret? {
        guard let value = context.admin else { return nil }
        let admin = try DatabaseSecret(value, as: .admin, accepting: engines, inheritingFrom: current)
        guard admin.host == current.host, admin.port == current.port else {
            throw RotationFailure(
                .configInvalid,
                "the admin secret is of another host or port than the secret",
                hint: "Name the admin secret of the same server in the rotation rules, or leave out its `host` and `port`."
            )
        }
        return admin
    }

    /// The failure of a step that cannot work without an admin secret.
    static func adminMissing(_ current: DatabaseSecret) -> RotationFailure {
        let hint =
            current.adminARN == nil
            ? "Name the secret of an account that may create roles in the rotation rules."
            : "The secret's `masterarn` is not followed: name that secret as admin secret in the rotation rules."
        return RotationFailure(.configInvalid, "this strategy needs an admin secret", hint: hint)
    }
}
