import PostgresClient
import RotationModel

extension PostgresRotator {
    /// Logs in with what works and sets the pending password.
    ///
    /// Current is tried first: in the usual case that is the only login. If current is refused, pending may be live already (the answer of
    /// an earlier attempt was lost), else previous (somebody restored a backup), else the admin secret. Only *refused* leads to the next
    /// one: anything else says nothing about the value.
    func setPassword(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let options = try PostgresOptions(context.settings)
        let values = try self.values(context, options)
        let previous = values.previous.flatMap { $0.username == values.pending.username ? $0 : nil }
        let candidates = [values.current, values.pending] + (previous.map { [$0] } ?? [])
        for candidate in candidates {
            do throws(PostgresError) {
                let isSet = candidate.source == .pending
                let account = try await self.change(as: candidate, to: values.pending, isSet: isSet, options, context.deadline)
                return StepReport(
                    account: account,
                    message: isSet
                        ? "the pending password was set already" : "set as the account itself, with \(candidate.source.rawValue)",
                    hasDrift: candidate.source == .previous
                )
            } catch {
                guard error.kind == .refused else {
                    throw RotationFailure(error, "setting the password of \(candidate.username) with \(candidate.source.phrase)")
                }
            }
        }
        return try await self.resetPassword(values, options, context)
    }

    /// - Parameter isSet: Whether a login is all that is needed. It is proof, because the server has just refused another password.
    private func change(
        as candidate: DatabaseSecret,
        to pending: DatabaseSecret,
        isSet: Bool,
        _ options: PostgresOptions,
        _ deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> String {
        var login = self.login(candidate, options)
        // A role that becomes another one at login could not change its own password.
        login.sessionSettings["role"] = "none"
        return try await self.connected(login, deadline: deadline) { connection throws(PostgresError) in
            if !isSet { try connection.setPassword(of: pending.username, to: pending.password) }
            return pending.username
        }
    }

    /// W16: nothing of ours logs in, but an admin may set the password.
    private func resetPassword(
        _ values: DatabaseValues,
        _ options: PostgresOptions,
        _ context: StepContext
    ) async throws(RotationFailure) -> StepReport {
        let account = values.pending.username
        guard let admin = values.admin else {
            throw RotationFailure(
                .authFailed,
                "the server refuses the current, the pending and the previous password of \(account)",
                hint: "Set the account's password to that of one of these values, or name an admin secret in the rotation rules."
            )
        }
        let isForbidden: Bool
        do throws(PostgresError) {
            isForbidden = try await self.connected(self.login(admin, options), deadline: context.deadline) {
                connection throws(PostgresError) in
                guard let role = try RoleState.read((account, account), on: connection).0 else {
                    throw PostgresError(.notFound, "there is no role \(account)")
                }
                guard options.allowsProtected || !role.isProtected else { return true }
                try connection.setPassword(of: account, to: values.pending.password)
                return false
            }
        } catch {
            throw RotationFailure(error, "setting the password of \(account) with the admin secret", isAdmin: true)
        }
        guard !isForbidden else { throw Self.protected(account) }
        return StepReport(
            account: account,
            message: "set with the admin secret",
            warnings: ["No value of the secret logged in: somebody else has changed the password of \(account)."],
            hasDrift: true
        )
    }

    static func protected(_ account: String) -> RotationFailure {
        RotationFailure(
            .configInvalid,
            "\(account) is a superuser or replication account: an admin secret does not change it unasked",
            hint: "Set the option `allow_protected: true` in the rotation rules if that is meant."
        )
    }
}
