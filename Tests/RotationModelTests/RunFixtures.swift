import RotationModel
import SecretModel

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
