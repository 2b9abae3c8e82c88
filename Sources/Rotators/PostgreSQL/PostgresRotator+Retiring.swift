import PostgresClient
package import RotationModel

extension PostgresRotator {
    /// With the option `expire_previous` the account that had its turn before loses its password until its next turn (W27). Taking the
    /// password away, instead of NOLOGIN or VALID UNTIL, leaves the original's attributes as the template that they are.
    package func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let options = try PostgresOptions(context.settings)
        guard self.strategy == .alternatingUsers, options.expiresPrevious else {
            return StepReport(message: "the previous account keeps its password until its next turn")
        }
        guard let value = context.current else { throw RotationFailure(.preconditionFailed, "the secret has no current value") }
        let current = try DatabaseSecret(value, as: .current, accepting: Self.engines)
        let pair = try AlternatingPair(containing: current.username, settings: context.settings, limit: Self.nameLimit)
        try options.check(account: pair.original)
        guard let admin = try DatabaseValues.admin(of: current, in: context, accepting: Self.engines) else {
            throw DatabaseValues.adminMissing(current)
        }
        let account = pair.other(than: current.username)
        let isForbidden: Bool
        do throws(PostgresError) {
            isForbidden = try await self.connected(self.login(admin, options), deadline: context.deadline) {
                connection throws(PostgresError) in
                let (role, _) = try RoleState.read((account, account), on: connection)
                guard options.allowsProtected || role?.isProtected != true else { return true }
                if role != nil { try connection.run("ALTER ROLE \(try connection.identifier(account)) PASSWORD NULL") }
                return false
            }
        } catch {
            throw RotationFailure(error, "taking the password of \(account) away with the admin secret", isAdmin: true)
        }
        guard !isForbidden else { throw Self.protected(account) }
        return StepReport(account: account, message: "has no password until its next turn")
    }
}
