package import RotationModel
import SecretModel

/// The limits of the engine. The defaults are the design's.
package struct EngineSettings: Hashable, Sendable {
    /// Names this daemon in leases; another for each start.
    package var owner: String
    /// Whether no other daemon works on this store: then whoever held a lease when this one starts is dead.
    package var isAlone: Bool
    package var concurrentRuns: Int
    /// A run at work for longer than this, which waits for its target or its script, no longer counts as one of `concurrentRuns` (I10).
    package var slowAfter: Duration
    /// How many slow runs at most do not count.
    package var slowRuns: Int
    /// Runs at once on one target (I10).
    package var runsPerTarget: Int
    /// How many due secrets may start in one minute of the time after the daemon's start (`lessons.md` B4).
    package var startUpBurst: Int
    package var startUpPeriod: Duration
    package var lease: Duration
    /// A worker stops this long before its lease ends.
    package var leaseMargin: Duration
    /// The scheduler looks at the store at least this often, so that clock steps and other nodes' edits are noticed.
    package var tick: Duration
    /// How long after the end of a window a secret without success is overdue (`alerting.md` §2.2).
    package var overdueAfter: Duration
    package var breaker: TargetBreaker.Limits
    package var runs: RunLimits

    /// How many runs may be at work at the same time, the slow ones included.
    package var greatestRuns: Int { self.concurrentRuns + self.slowRuns }

    package init(owner: String) {
        self.owner = owner
        self.isAlone = true
        self.concurrentRuns = 4
        self.slowAfter = .seconds(5)
        self.slowRuns = 12
        self.runsPerTarget = 1
        self.startUpBurst = 20
        self.startUpPeriod = .minutes(10)
        self.lease = .seconds(90)
        self.leaseMargin = .seconds(10)
        self.tick = .seconds(30)
        self.overdueAfter = .minutes(15)
        self.breaker = TargetBreaker.Limits()
        self.runs = RunLimits()
    }
}
