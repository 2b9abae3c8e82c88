import NIOConcurrencyHelpers
import RotationModel
import SecretModel
import Storage

/// The lease of one run, as its worker holds it (I7). Whether it still holds is judged by the monotonic clock, which no one sets.
final class LeaseKeeper: Sendable {
    private struct State {
        var lease: Lease
        var expiry: ContinuousClock.Instant
        var isLost = false
        var doubtEnds: ContinuousClock.Instant?
    }

    private let run: RunID
    private let store: Store
    private let time: EngineTime
    private let duration: Duration
    private let margin: Duration
    private let state: NIOLockedValueBox<State>

    /// - Parameter claimed: The instant *before* the claim was asked for: the lease lasts no longer than counted from there.
    init(_ lease: Lease, of run: RunID, claimed: ContinuousClock.Instant, parts: EngineParts, settings: EngineSettings) {
        self.run = run
        self.store = parts.store
        self.time = parts.time
        self.duration = settings.lease
        self.margin = settings.leaseMargin
        self.state = NIOLockedValueBox(State(lease: lease, expiry: claimed + settings.lease))
    }

    var lease: Lease { self.state.withLockedValue { $0.lease } }

    /// Until when the target may still perform what it was asked by a call that was cut off; `nil` if it can no more. The deadline of a call
    /// bounds it, since whoever asks has the server give up by then, and the lease outlives that.
    func doubt(at now: Timestamp) -> Timestamp? {
        guard let end = self.state.withLockedValue({ $0.doubtEnds }) else { return nil }
        let left = end - self.time.instant()
        return left > .zero ? now + left : nil
    }

    func noteDoubt(until deadline: ContinuousClock.Instant) {
        self.state.withLockedValue { $0.doubtEnds = deadline + self.margin }
    }

    /// Whether the worker may still touch store and target.
    var isHeld: Bool {
        let instant = self.time.instant()
        return self.state.withLockedValue { !$0.isLost && instant < $0.expiry - self.margin }
    }

    /// Extends the lease by its full duration from now.
    ///
    /// - Throws: `StoreError.leaseLost`; what else the store throws says nothing about the lease, which holds until it expires.
    func renew() async throws {
        let (before, now, held) = (self.time.instant(), self.time.now(), self.lease)
        do {
            let renewed = try await self.store.write { [run, duration] in try $0.renew(held, of: run, until: now + duration) }
            self.state.withLockedValue { state in
                state.lease = renewed
                state.expiry = before + self.duration
            }
        } catch StoreError.leaseLost(let secret, let token) {
            self.state.withLockedValue { $0.isLost = true }
            throw StoreError.leaseLost(secret, token)
        }
    }

    /// Extends the lease if less than two thirds of it are left, or if it would not outlive a call of that length that begins now: a call
    /// that its process cannot end, because it stands still, must be over by its own deadline when another node takes the run up (I7).
    /// Not more often: every renewal is a write to disk. A call that may last longer than any lease counts on renewals meanwhile.
    func renewIfWorn(for timeout: Duration) async throws {
        let left = self.state.withLockedValue { $0.expiry } - self.time.instant()
        let whole = timeout + self.margin
        let needed = max(self.duration / 3 * 2, whole <= self.duration ? whole : .zero)
        if left < needed { try await self.renew() }
    }

    /// Renews the lease every third of its duration. Returns when the lease is lost or has run out; throws when its task is cancelled.
    func keepRenewing() async throws {
        while self.isHeld {
            try await self.time.sleep(self.duration / 3)
            do {
                try await self.renew()
            } catch is StoreError {
                // The next round tries again, unless the lease is lost or has run out: `isHeld` knows.
                continue
            }
        }
    }
}
