/// Durations of one kind of thing, done many times.
struct Samples: Sendable {
    private var sorted: [Duration] = []

    init(_ durations: [Duration] = []) {
        self.sorted = durations.sorted()
    }

    init(merging parts: [Samples]) {
        self.init(parts.flatMap(\.sorted))
    }

    /// Does `body` so many times.
    static func measuring(_ count: Int, _ body: () async throws -> Void) async rethrows -> Samples {
        var durations: [Duration] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            try await body()
            durations.append(ContinuousClock.now - start)
        }
        return Samples(durations)
    }

    var count: Int { self.sorted.count }

    /// The least duration that so great a share of all does not exceed, in milliseconds; 0 without samples.
    func percentile(_ share: Double) -> Double {
        guard !self.sorted.isEmpty else { return 0 }
        let index = Int((share * Double(self.sorted.count)).rounded(.up)) - 1
        return self.sorted[min(max(index, 0), self.sorted.count - 1)] / .milliseconds(1)
    }

    /// In milliseconds.
    var median: Double { self.percentile(0.5) }
}
