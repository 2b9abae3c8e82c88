import RotationModel
import SecretModel
import Testing

/// I4, as `design.md` §2 states it, over every combination of answers.
@Suite struct RecoveryTests {
    struct Case: Sendable, CustomStringConvertible {
        let pending: ProbeFinding
        let current: ProbeFinding
        let previous: ProbeFinding
        let hasAdmin: Bool

        var description: String {
            "pending \(self.pending.outcome), current \(self.current.outcome), previous \(self.previous.outcome), admin \(self.hasAdmin)"
        }
    }

    static let everyCombination: [Case] = ProbeFinding.all.flatMap { pending in
        ProbeFinding.all.flatMap { current in
            ProbeFinding.all.flatMap { previous in
                [true, false].map { Case(pending: pending, current: current, previous: previous, hasAdmin: $0) }
            }
        }
    }

    /// Asks as told until a decision, and notes who was asked.
    static func run(_ recovery: Recovery, answers: [LoginCandidate: ProbeFinding]) -> (RecoveryDecision, [LoginCandidate]) {
        var recovery = recovery
        var asked: [LoginCandidate] = []
        while true {
            switch recovery.next {
            case .decide(let decision): return (decision, asked)
            case .probe(let candidate):
                asked.append(candidate)
                recovery.record(answers[candidate] ?? .other, of: candidate)
            }
        }
    }

    /// The design's table, written down a second time and in another shape.
    static func expected(_ row: Case) -> RecoveryDecision? {
        if row.pending == .accepted { return .adopt }
        if row.pending == .unproven { return .setPending(.unprovenPending) }
        guard row.pending == .refused else { return nil }
        if row.current.outcome == .accepted { return .setPending(.current(isProof: row.current.isProof)) }
        guard row.current == .refused else { return nil }
        if row.previous.outcome == .accepted { return .setPending(.previous) }
        guard row.previous == .refused else { return nil }
        return row.hasAdmin ? .setPending(.admin) : .park
    }

    @Test("I4 every combination of answers", arguments: everyCombination)
    func decides(row: Case) {
        let answers: [LoginCandidate: ProbeFinding] = [.pending: row.pending, .current: row.current, .previous: row.previous]
        let (decision, asked) = Self.run(Recovery(hasCurrent: true, hasPrevious: true, hasAdmin: row.hasAdmin), answers: answers)
        if let expected = Self.expected(row) {
            #expect(decision == expected)
        } else {
            guard case .backOff(let candidate, let outcome, _) = decision else {
                Issue.record("an answer that proves nothing led to \(decision)")
                return
            }
            #expect(candidate == asked.last)
            #expect(outcome != .accepted && outcome != .refused)
        }
        #expect(asked == Array([LoginCandidate.pending, .current, .previous].prefix(asked.count)), "each at most once, in order")
    }

    @Test("I4 unreachable proves nothing: nobody else is asked, nothing is concluded")
    func unreachableStops() {
        let (decision, asked) = Self.run(
            Recovery(hasCurrent: true, hasPrevious: true, hasAdmin: true),
            answers: [.pending: .unreachable, .current: .accepted]
        )
        guard case .backOff(.pending, .unreachable, let cause) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(cause.code == .targetUnreachable)
        #expect(asked == [.pending])
    }

    @Test("W1 the value of a cancelled run is asked too before anything is given up")
    func earlierCandidates() throws {
        let lost = try #require(VersionID("11111111-1111-4111-8111-111111111111"))
        let older = try #require(VersionID("22222222-2222-4222-8222-222222222222"))
        let recovery = Recovery(hasCurrent: true, hasPrevious: false, earlier: [lost, older], hasAdmin: true)
        let (found, asked) = Self.run(
            recovery,
            answers: [.pending: .refused, .current: .refused, .earlier(lost): .refused, .earlier(older): .accepted]
        )
        #expect(found == .setPending(.earlier(older)))
        #expect(asked == [.pending, .current, .earlier(lost), .earlier(older)])
        let (none, _) = Self.run(
            recovery,
            answers: [.pending: .refused, .current: .refused, .earlier(lost): .refused, .earlier(older): .refused]
        )
        #expect(none == .setPending(.admin))
    }

    @Test("drift is what only somebody else can have done")
    func drift() throws {
        let version = try #require(VersionID("11111111-1111-4111-8111-111111111111"))
        #expect(RecoveryBasis.previous.isDrift)
        #expect(RecoveryBasis.admin.isDrift)
        #expect(!RecoveryBasis.current(isProof: true).isDrift)
        #expect(!RecoveryBasis.earlier(version).isDrift)
        #expect(!RecoveryBasis.unprovenPending.isDrift)
    }
}
