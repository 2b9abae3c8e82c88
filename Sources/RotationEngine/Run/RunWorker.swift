import Alerting
import Logging
import RotationModel
import Rotators
import SecretModel
import Storage

/// Takes up one claimed run: decides whether it may be tried now, and performs one attempt.
struct RunWorker: Sendable {
    let parts: EngineParts
    let settings: EngineSettings
    let breakers: TargetBreakers
    let isStopping: @Sendable () -> Bool

    /// - Parameter claimed: The instant before the claim was asked for.
    func work(on run: RunRecord, claimed: ContinuousClock.Instant) async {
        guard let lease = run.lease else { return }
        let keeper = LeaseKeeper(lease, of: run.id, claimed: claimed, parts: self.parts, settings: self.settings)
        var logger = self.parts.logger
        logger[metadataKey: "secret"] = "\(run.id.secret)"
        logger[metadataKey: "run"] = "\(run.id.token)"
        do {
            let surroundings = try await self.surroundings(of: run)
            // Whatever keeps the run from its next attempt, a newer value ends it now.
            let secret = surroundings.secret
            if run.isSuperseded(by: secret.labels, isDeleted: secret.deletedAt != nil) { throw WorkerStop.superseded }
            if let postponed = surroundings.postponed(run, breakers: self.breakers, at: self.parts.time.now()) {
                try await self.save(postponed, hasMissedWindow: postponed.window != run.window, under: keeper)
                return
            }
            let rotator = await self.parts.rotators.rotator(named: run.rotator)
            var attempt = RunAttempt(
                run: run,
                surroundings: surroundings,
                rotator: rotator,
                keeper: keeper,
                worker: self,
                logger: logger
            )
            try await attempt.perform()
        } catch WorkerStop.leaseLost {
            logger.debug("the lease is lost; stopped")
            await self.release(run.id, under: keeper, logger)
        } catch WorkerStop.superseded {
            await self.abandon(run.id, under: keeper, logger)
        } catch {
            logger.warning("stopped: the store cannot be used; the run is tried again later", metadata: ["cause": "\(error)"])
            await self.putOff(run.id, under: keeper, logger)
        }
    }

    /// Gives a run back of which the store cannot be read or written, for as long as its lease would have lasted. Until then others on its
    /// target have their turn: if a row is damaged, it would stand in their way for ever (I10).
    private func putOff(_ id: RunID, under keeper: LeaseKeeper, _ logger: Logger) async {
        guard keeper.isHeld else { return }
        let (lease, until) = (keeper.lease, self.parts.time.now() + self.settings.lease)
        do {
            let now = self.parts.time.now()
            try await self.parts.store.write { store in
                if let end = keeper.doubt(at: now) { try store.hold(id, under: lease, until: end, at: now) }
                try store.putOff(id, under: lease, until: until)
            }
        } catch {
            logger.warning("cannot give the run back; it is found again when its lease has ended", metadata: ["cause": "\(error)"])
        }
    }

    /// What is stored around a run when an attempt begins.
    private func surroundings(of run: RunRecord) async throws(WorkerStop) -> RunSurroundings {
        do {
            return try await self.parts.store.read { try RunSurroundings(of: run, in: $0, at: self.parts.time.now()) }
        } catch {
            throw .store(error)
        }
    }

    /// Puts a run back as it is, without an attempt.
    private func save(_ run: RunRecord, hasMissedWindow: Bool, under keeper: LeaseKeeper) async throws(WorkerStop) {
        guard keeper.isHeld else { throw .leaseLost }
        do {
            try await self.parts.store.write { store in
                try store.update(run, under: keeper.lease)
                // A window that passed without an attempt (the daemon was away, a freeze, an open breaker) is told in the same breath (I9).
                if hasMissedWindow { try self.parts.audit("RotationPostponed", of: run, at: run.updatedAt, in: store) }
            }
        } catch StoreError.leaseLost {
            throw .leaseLost
        } catch {
            throw .store(error)
        }
    }

    /// Lets the next run of the account begin, if this one was ended while it was at work: unless the target may still perform what it was
    /// asked; then the hold runs its time.
    private func release(_ id: RunID, under keeper: LeaseKeeper, _ logger: Logger) async {
        guard keeper.doubt(at: self.parts.time.now()) == nil else { return }
        do {
            let lease = keeper.lease
            try await self.parts.store.write { try $0.endHold(of: id, madeOf: lease) }
        } catch {
            logger.warning(
                "cannot give up the account of a run that was ended; the hold runs out by itself",
                metadata: ["cause": "\(error)"]
            )
        }
    }

    private func abandon(_ id: RunID, under keeper: LeaseKeeper, _ logger: Logger) async {
        let (now, lease) = (self.parts.time.now(), keeper.lease)
        do {
            try await self.parts.store.write { store in
                guard var run = try store.run(id), run.lease?.term == lease.term, run.lease?.owner == lease.owner else { return }
                try RunCommitter(parts: self.parts).abandon(&run, at: now, in: store)
                if let end = keeper.doubt(at: now) { try store.hold(run.id, under: lease, until: end, at: now) }
                try store.update(run, under: lease)
                try self.parts.alerts.review(at: now, in: store)
            }
            logger.info("abandoned: a newer value came, or the secret is to be deleted")
        } catch {
            logger.warning("cannot abandon the run; the next claim will", metadata: ["cause": "\(error)"])
        }
    }
}
