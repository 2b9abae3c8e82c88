package import RotationModel
package import SecretModel

extension MariaDBRotator {
    package func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport {
        do {
            let step = try MariaDBStep(context, self.client)
            let secret: DatabaseSecret? =
                switch candidate {
                case .pending: step.pending
                case .current: step.current
                case .previous: step.previous
                }
            guard let secret else { return ProbeReport(outcome: .other, isProof: false, failure: Self.noValue(candidate)) }
            return try await self.probe(secret, step)
        } catch {
            return ProbeReport(outcome: error.probeOutcome, failure: error)
        }
    }

    private static func noValue(_ candidate: Candidate) -> RotationFailure {
        RotationFailure(.configInvalid, "there is no \(candidate.rawValue) value to log in with")
    }

    private func probe(_ secret: DatabaseSecret, _ step: MariaDBStep) async throws(RotationFailure) -> ProbeReport {
        let account = try await step.asAccount(secret) { try $0.ownAccount() }
        let doubt = await self.doubt(secret, account, step)
        // A server that went silent in between has not said whether the login proves anything (I4).
        if let doubt, doubt.probeOutcome == .unreachable { throw doubt }
        return ProbeReport(outcome: .accepted, isProof: doubt == nil, account: account.name.description, failure: doubt)
    }

    /// Why a login that was accepted proves nothing, or not that setSecret is complete (I4).
    private func doubt(_ secret: DatabaseSecret, _ account: OwnAccount, _ step: MariaDBStep) async -> RotationFailure? {
        do {
            guard account.name.user == secret.username else {
                return RotationFailure(.configInvalid, "the server takes \(secret.username) for \(account.name)")
            }
            guard try await step.isProof(account, of: secret) else { return MariaDBStep.acceptsAnything }
            guard secret.source == .pending else { return nil }
            if self.manifest.strategy == .alternatingUsers, step.admin == nil {
                return RotationFailure(.configInvalid, "without the admin secret the privileges of the twin cannot be compared")
            }
            let problems = try await self.problems(step)
            guard let first = problems.first else { return nil }
            return RotationFailure(.preconditionFailed, "setSecret is not complete: \(first)", applied: .yes)
        } catch {
            return error
        }
    }

    package func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        let secret = try DatabaseSecret(current, as: .current, accepting: [.mariadb, .mysql])
        let options = try MariaDBOptions(settings)
        let account =
            self.manifest.strategy == .alternatingUsers || options.pair != nil
            ? try TwinNames(user: secret.username, options: options).original
            : Self.withoutSuffix(secret.username)
        // All ways to this machine lead to one server.
        let name = secret.isLocal && !secret.host.hasPrefix("/") ? "localhost" : secret.host
        let host = name.contains(":") ? "[\(name)]" : name
        return TargetIdentity(target: "mariadb://\(host.lowercased()):\(secret.port)", account: account)
    }

    /// Two secrets, one rotated alone and one in turns, may speak of the same account: they must not run at the same time.
    private static func withoutSuffix(_ user: String) -> String {
        user.hasSuffix(TwinNames.suffix) && user != TwinNames.suffix ? String(user.dropLast(TwinNames.suffix.count)) : user
    }
}
