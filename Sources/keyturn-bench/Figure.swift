/// One measured figure beside its baseline, both from the same run: absolute times say little about another machine, ratios do.
struct Figure: Sendable {
    /// The benchmark, and what of it was measured: `rotation/postgres-single-user`.
    var name: String
    var value: Double
    /// `ms`, `1/s`, `MB`, …
    var unit: String
    /// What the value is held against, in the same unit.
    var baseline: Double?
    /// What the baseline is, in a few words.
    var baselineName: String?
    var goal: Goal?

    /// Value / baseline.
    var ratio: Double? { self.baseline.map { self.value / $0 } }

    /// Whether the goal is reached; `nil` without one, or where the goal is a ratio and there is no baseline.
    var isMet: Bool? {
        switch self.goal {
        case .atMost(let limit): self.value <= limit
        case .atLeast(let limit): self.value >= limit
        case .ratioAtMost(let limit): self.ratio.map { $0 <= limit }
        case .ratioAtLeast(let limit): self.ratio.map { $0 >= limit }
        case nil: nil
        }
    }
}

/// What a figure is to reach: of itself, or of its ratio to the baseline.
enum Goal: Sendable {
    case atMost(Double)
    case atLeast(Double)
    case ratioAtMost(Double)
    case ratioAtLeast(Double)
}
