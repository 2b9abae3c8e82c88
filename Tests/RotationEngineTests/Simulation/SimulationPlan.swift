import RotationModel
import SecretModel

/// How large one simulation is, and which troubles it brings: all from the seed.
struct SimulationPlan: Sendable {
    struct Secret: Sendable {
        let strategy: RotationStrategy
        let host: Int
        let hasAdmin: Bool
        let rules: RotationRules
    }

    let seed: UInt64
    let secrets: [Secret]
    let hosts: Int
    let nodes: Int
    let days: Int
    /// Hosts below this one are always well, and nobody meddles with their secrets; then neither clocks nor disks fail (I10).
    let healthyHosts: Int
    /// How likely an attempt is the process's last one.
    let crashes: Double
    /// How likely a call's answer is lost, or the call fails.
    let faults: Double
    /// Hours between two troubles that last, on average.
    let hoursPerTrouble: Double
    /// Hours between two acts of people, on average.
    let hoursPerAct: Double

    init(seed: UInt64) {
        let random = SimulationRandom(seed: seed)
        self.seed = seed
        let isLarge = seed % 200 == 0
        self.hosts = random.int(1...2)
        self.nodes = random.chance(0.25) ? 2 : 1
        self.days = isLarge ? 60 : random.pick([1, 1, 2, 3])
        self.healthyHosts = self.hosts > 1 && self.nodes == 1 && random.chance(0.35) ? 1 : 0
        self.crashes = random.pick([0, 0.05, 0.15, 0.3])
        self.faults = random.pick([0, 0.05, 0.15, 0.3])
        self.hoursPerTrouble = isLarge ? 24 : random.pick([2, 5, 12])
        self.hoursPerAct = isLarge ? 24 : random.pick([2, 6, 15])
        let (hosts, days) = (self.hosts, self.days)
        self.secrets = (0..<(isLarge ? 6 : random.pick([1, 1, 2]))).map { _ in
            Secret(
                strategy: random.pick([.singleUser, .singleUser, .overlapping, .alternatingUsers]),
                host: random.int(0...hosts - 1),
                hasAdmin: random.chance(0.5),
                rules: Self.rules(random, days: days)
            )
        }
    }

    /// Rules that make a secret rotate some times in the simulation.
    static func rules(_ random: SimulationRandom, days: Int) -> RotationRules {
        let isLong = days > 10
        let frequency: RotationRules.Frequency = random.pick(weighted: [
            (.days(isLong ? random.int(3...20) : random.int(1...2)), 5),
            (.expression("rate(\(isLong ? 20 : random.int(1...2)) days)"), 2),
            (.expression("rate(\(isLong ? 200 : random.pick([6, 8, 12])) hours)"), 1),
            (.expression("cron(0 \(random.int(0...20)) /2 * ? *)"), isLong ? 0 : 1),
        ])
        var rules = RotationRules(frequency: frequency)
        if random.chance(0.5) { rules.windowHours = random.int(1...3) }
        if random.chance(0.2) { rules.jitter = .zero }
        if random.chance(0.7) { rules.grace = random.pick([.minutes(10), .hours(1), .hours(24), .days(3)]) }
        if random.chance(0.15) { rules.stagger = RotationRules.Stagger(group: "g", minimumGap: .minutes(20)) }
        return rules
    }
}
