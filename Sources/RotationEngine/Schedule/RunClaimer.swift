import Logging
import RotationModel
import Rotators
import SecretModel
import Storage

/// Starts runs of due secrets and claims runs: one transaction, and so one sync of the disk, however many they are.
struct RunClaimer: Sendable {
    let parts: EngineParts
    let settings: EngineSettings

    struct Claim: Sendable {
        var runs: [RunRecord] = []
        /// How many due secrets got a run.
        var started = 0
        /// What cannot be taken up, with its cause.
        var troubles: [(secret: SecretARN?, cause: String)] = []
    }

    /// - Parameters:
    ///   - limit: The most runs to claim.
    ///   - startLimit: The most runs to start.
    ///   - atWork: Secrets of which a worker of this process has not ended: their runs are not claimed (I7).
    func claim(_ limit: Int, starting startLimit: Int, exceptOf atWork: [SecretARN]) async throws -> Claim {
        let now = self.parts.time.now()
        // A due secret waits while its target has enough to do: what cannot be claimed soon would only be looked at again and again.
        let backlog = self.settings.runsPerTarget * 2
        let (due, isAnythingReady) = try await self.parts.store.read { store in
            (
                try store.dueSecrets(at: now, limit: startLimit, backlog: backlog),
                try store.hasClaimableRuns(at: now, lease: self.settings.lease, exceptOf: atWork)
            )
        }
        guard !due.isEmpty || isAnythingReady else { return Claim() }
        let rotators = await self.rotators(of: due)
        let claim = try await self.parts.store.write { store in
            var claim = Claim()
            for secret in due { try self.start(secret, rotators, at: now, into: &claim, in: store) }
            let claimed = try store.claimRuns(
                at: now,
                owner: self.settings.owner,
                leaseUntil: now + self.settings.lease,
                limit: limit,
                perTarget: self.settings.runsPerTarget,
                exceptOf: atWork
            )
            claim.runs = claimed.runs
            claim.troubles += claimed.damaged.map { (secret: $0.secret, cause: "its run \($0.token) cannot be read: \($0.cause)") }
            for damaged in claimed.damaged {
                guard let secret = damaged.secret else { continue }
                try self.parts.audit(postponed: secret, because: damaged.cause, at: now, in: store)
            }
            return claim
        }
        for trouble in claim.troubles {
            let metadata: Logger.Metadata = ["secret": "\(trouble.secret?.description ?? "unreadable")", "cause": "\(trouble.cause)"]
            self.parts.logger.error("cannot take up a rotation; put off by an hour", metadata: metadata)
        }
        return claim
    }

    /// A rotator that is missing now parks its run, which tells a person; the strategy is then only a word in the history.
    private func rotators(of due: [DueSecret]) async -> [RotatorName: any Rotator] {
        var rotators: [RotatorName: any Rotator] = [:]
        for name in Set(due.compactMap(\.rotator)).sorted(by: { $0.description < $1.description }) {
            rotators[name] = await self.parts.rotators.rotator(named: name)
        }
        return rotators
    }

    /// One secret that cannot be started, even because its row is damaged, must not hold up the others: it is put off, and told of.
    private func start(
        _ due: DueSecret,
        _ rotators: [RotatorName: any Rotator],
        at now: Timestamp,
        into claim: inout Claim,
        in store: StoreTransaction
    ) throws {
        do {
            let rotator = due.rotator.flatMap { rotators[$0] }
            let starter = RunStarter(parts: self.parts)
            let isStarted = try store.separately { try starter.startDue(due.arn, with: rotator, at: now, in: store) }
            if isStarted { claim.started += 1 }
        } catch let error as StoreError where error.isOfStore {
            // No fault of this secret's: a full disk must not put off everything that is due by an hour.
            throw error
        } catch {
            claim.troubles.append((due.arn, "\(error)"))
            try store.putOffRotation(of: due.arn, until: now + .hours(1))
            try self.parts.audit(postponed: due.arn, because: error, at: now, in: store)
        }
    }
}
