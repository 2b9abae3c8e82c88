import PostgresClient
package import RotationModel

/// What a login with a candidate shows.
private struct Observation: Sendable {
    let account: String
    let usedPassword: Bool
    /// How the clone differs from its original; empty for everything that is no managed clone.
    let differences: [RoleChange]
}

/// Whether the server refuses a password that is none of ours.
private enum WrongPasswordCheck: Sendable {
    case refused
    case accepted
    case failed(PostgresError)
}

extension PostgresRotator {
    /// One login with pending: in the usual case AWSCURRENT is wrong for as long as it takes (W19).
    ///
    /// A wrong password is not tried after setSecret: the server has acknowledged that it holds pending, or a probe with its own check of a
    /// wrong password has found it there. What is left to see is whether the server asks for a password at all (W11). A test of the
    /// configuration, before which nothing was set, tries one.
    package func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let options = try PostgresOptions(context.settings)
        let pending = try self.tested(context)
        let observation: Observation
        do throws(PostgresError) {
            observation = try await self.observe(pending, context.settings, options, context.deadline)
        } catch {
            throw RotationFailure(error, "logging in as \(pending.username) with the pending value")
        }
        let isSet = context.trigger != .test
        let wrong = isSet ? nil : await self.checkWrongPassword(pending, after: observation, options, context.deadline)
        if let failure = Self.failure(of: observation, expecting: pending, wrong) { throw failure }
        let asked = isSet ? "the server asked for the password" : "a wrong password is refused"
        return StepReport(account: observation.account, message: "logged in; \(asked)")
    }

    package func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport {
        do throws(RotationFailure) {
            let options = try PostgresOptions(context.settings)
            let secret = try self.secret(candidate, in: context)
            let observation: Observation
            do throws(PostgresError) {
                observation = try await self.observe(secret, context.settings, options, context.deadline)
            } catch {
                throw RotationFailure(error, "logging in as \(secret.username) with \(secret.source.phrase)")
            }
            // Only after an acceptance: servers count failed logins.
            let wrong = await self.checkWrongPassword(secret, after: observation, options, context.deadline)
            let failure = Self.failure(of: observation, expecting: secret, wrong)
            // A server that went silent in between has not said whether the login proves anything (I4).
            if let failure, failure.probeOutcome == .unreachable { throw failure }
            return ProbeReport(outcome: .accepted, isProof: failure == nil, account: observation.account, failure: failure)
        } catch {
            return ProbeReport(outcome: error.probeOutcome, isProof: false, failure: error)
        }
    }

    /// The pending value. A test of the configuration (`RotateImmediately` false) brings a copy of the current one.
    private func tested(_ context: StepContext) throws(RotationFailure) -> DatabaseSecret {
        let pending = try self.secret(.pending, in: context)
        guard context.current != nil else { return pending }
        let current = try self.secret(.current, in: context)
        let accounts = [current.username, try self.pair(of: current, context.settings)?.other(than: current.username)]
        guard accounts.contains(pending.username), pending.host == current.host, pending.port == current.port else {
            throw RotationFailure(.configInvalid, "the pending value is of another account, host or port than the current value")
        }
        return pending
    }

    func secret(_ candidate: Candidate, in context: StepContext) throws(RotationFailure) -> DatabaseSecret {
        let (value, source): (_, DatabaseSecret.Source) =
            switch candidate {
            case .pending: (context.pending, .pending)
            case .current: (context.current, .current)
            case .previous: (context.previous, .previous)
            }
        guard let value else { throw RotationFailure(.preconditionFailed, "there is no \(source.rawValue) value to probe") }
        return try DatabaseSecret(value, as: source, accepting: Self.engines)
    }

    private func observe(
        _ secret: DatabaseSecret,
        _ settings: RotatorSettings,
        _ options: PostgresOptions,
        _ deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Observation {
        let pair = self.managedPair(of: secret, settings)
        return try await self.connected(self.login(secret, options), deadline: deadline) {
            connection throws(PostgresError) in
            let account = try connection.run("SELECT session_user AS account").first?["account"] ?? ""
            var differences: [RoleChange] = []
            if let pair {
                let (original, clone) = try RoleState.read((pair.original, pair.clone), on: connection)
                guard let original else { throw PostgresError(.notFound, "the original role \(pair.original) does not exist") }
                differences = Self.parity(with: original, options, on: connection).changes(to: clone)
            }
            return Observation(account: account, usedPassword: connection.usedPassword, differences: differences)
        }
    }

    /// The pair of an account that we keep equal to its original; `nil` for everything else.
    private func managedPair(of secret: DatabaseSecret, _ settings: RotatorSettings) -> AlternatingPair? {
        guard self.strategy == .alternatingUsers, settings.options["users"] == nil, settings.options["clone"] != "existing",
            AlternatingPair.original(of: secret.username) != secret.username
        else { return nil }
        do throws(RotationFailure) {
            return try AlternatingPair(containing: secret.username, settings: settings, limit: Self.nameLimit)
        } catch {
            // A name that is too long is no role of the server: the login says so.
            return nil
        }
    }

    private func checkWrongPassword(
        _ secret: DatabaseSecret,
        after observation: Observation,
        _ options: PostgresOptions,
        _ deadline: ContinuousClock.Instant
    ) async -> WrongPasswordCheck {
        guard observation.usedPassword else { return .accepted }
        var generator = SystemRandomNumberGenerator()
        var login = self.login(secret, options)
        login.password = DatabaseSecret.wrongPassword(using: &generator)
        do throws(PostgresError) {
            return try await self.connected(login, deadline: deadline) { _ in .accepted }
        } catch {
            return error.kind == .refused ? .refused : .failed(error)
        }
    }

    /// Why the login is no proof; `nil` if it is one.
    /// - Parameter wrong: `nil` where no wrong password was tried, because the server has said what it holds.
    private static func failure(
        of observation: Observation,
        expecting secret: DatabaseSecret,
        _ wrong: WrongPasswordCheck?
    ) -> RotationFailure? {
        guard observation.account == secret.username else {
            return RotationFailure(.preconditionFailed, "the server says that \(secret.username) is logged in as \(observation.account)")
        }
        switch wrong {
        case .refused where observation.usedPassword, nil where observation.usedPassword: break
        case .failed(let error): return RotationFailure(error, "checking that a wrong password of \(secret.username) is refused")
        case .refused, .accepted, nil:
            return RotationFailure(
                .configInvalid,
                "the server lets \(secret.username) in without checking the password: a login proves nothing",
                hint: "Give this account and our address a scram-sha-256 rule in pg_hba.conf, before any trust or peer rule; "
                    + "rotate on the server itself, not through a pooler."
            )
        }
        guard observation.differences.isEmpty else {
            let list = observation.differences.prefix(5).map(\.summary).joined(separator: "; ")
            return RotationFailure(.preconditionFailed, "\(secret.username) is not equal to its original: \(list)")
        }
        return nil
    }
}
