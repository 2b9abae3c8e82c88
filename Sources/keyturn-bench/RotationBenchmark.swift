/// A rotation's steps on a real server, beside the least database work that changes a password and shows that the new one works: two logins
/// and one statement by the engine's C library, in this process, on the same server, one after the other.
enum RotationBenchmark: Benchmark {
    static let name = "rotation"
    static let summary = "One rotation on PostgreSQL and on MariaDB, beside two logins and one ALTER by libpq and libmariadb"

    static func run(_ options: BenchmarkOptions) async throws -> [Figure] {
        let rounds = options.amount(200)
        return try await self.run(PostgresRotationTarget(), rounds: rounds) + self.run(MariaDBRotationTarget(), rounds: rounds)
    }

    private static func run(_ target: some RotationTarget, rounds: Int) async throws -> [Figure] {
        var figures: [Figure] = []
        for var secret in target.secrets {
            var samples = RotationSamples()
            // The first rounds find caches, threads and the server's memory of us cold.
            for round in -3..<rounds {
                let sample = try await RotationSample(of: target, &secret, isBareFirst: round.isMultiple(of: 2))
                if round >= 0 { samples.add(sample) }
            }
            figures += samples.figures(of: secret, on: target)
        }
        return figures
    }
}

/// An engine with a server of its own.
protocol RotationTarget {
    var engine: String { get }
    /// What `bareRotation` does, in a few words.
    var bareName: String { get }
    /// One secret for each of the engine's strategies, with accounts of their own.
    var secrets: [RotatedSecret] { get }

    /// Logs in with the C library, and closes.
    func bareLogin() throws
    /// Logs in, changes the account's password, closes; logs in with the new one, closes.
    func bareRotation() throws
}

/// One round, in milliseconds.
struct RotationSample {
    let login: Double
    let bare: Double
    let rotation: RotatedSecret.Cost

    /// - Parameter isBareFirst: Who goes first: what the one leaves behind on the machine, the other finds.
    init(of target: some RotationTarget, _ secret: inout RotatedSecret, isBareFirst: Bool) async throws {
        let clock = ContinuousClock()
        let early = isBareFirst ? try clock.measure { try target.bareRotation() } : nil
        self.rotation = try await secret.rotate()
        self.bare = (try early ?? clock.measure { try target.bareRotation() }).milliseconds
        self.login = try clock.measure { try target.bareLogin() }.milliseconds
    }
}

/// All rounds of one secret.
struct RotationSamples {
    private var logins: [Double] = []
    private var bare: [Double] = []
    private var whole: [Double] = []
    private var gaps: [Double] = []

    mutating func add(_ sample: RotationSample) {
        self.logins.append(sample.login)
        self.bare.append(sample.bare)
        self.whole.append(sample.rotation.whole)
        self.gaps.append(sample.rotation.sinceSet)
    }

    func figures(of secret: RotatedSecret, on target: some RotationTarget) -> [Figure] {
        let (bare, login) = (self.bare.median, self.logins.median)
        let whole = Figure(
            name: "rotation/\(secret.name)",
            value: self.whole.median,
            unit: "ms",
            baseline: bare,
            baselineName: target.bareName,
            goal: secret.isSingleUser ? .ratioAtMost(1.3) : nil
        )
        guard secret.isSingleUser else { return [whole] }
        return [
            whole,
            // What the rotator adds to the time in which AWSCURRENT is wrong.
            Figure(
                name: "rotation/\(secret.name) from setSecret's end to testSecret's",
                value: self.gaps.median,
                unit: "ms",
                baseline: login,
                baselineName: "one login"
            ),
            Figure(name: "rotation/\(target.engine) login", value: login, unit: "ms"),
        ]
    }
}

extension Duration {
    fileprivate var milliseconds: Double { self / .milliseconds(1) }
}

extension [Double] {
    fileprivate var median: Double {
        let sorted = self.sorted()
        guard let upper = sorted.dropFirst(sorted.count / 2).first else { return 0 }
        guard sorted.count.isMultiple(of: 2), let lower = sorted.dropFirst(sorted.count / 2 - 1).first else { return upper }
        return (lower + upper) / 2
    }
}
