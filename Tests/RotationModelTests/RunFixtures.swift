import RotationModel
import SecretModel

/// SplitMix64: random walks that a printed seed repeats.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

let noon = Timestamp(seconds: 1_800_000_000)

extension ProbeFinding {
    static let accepted = ProbeFinding(outcome: .accepted)
    static let unproven = ProbeFinding(outcome: .accepted, isProof: false)
    static let refused = ProbeFinding(outcome: .refused)
    static let unreachable = ProbeFinding(outcome: .unreachable)
    static let locked = ProbeFinding(outcome: .locked)
    static let other = ProbeFinding(outcome: .other)

    static let all: [ProbeFinding] = [.accepted, .unproven, .refused, .unreachable, .locked, .other]
}
