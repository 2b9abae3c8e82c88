import TestSupport

/// A moment of a rotation, and what happens then.
struct KillPoint: Sendable, CustomStringConvertible {
    enum Moment: Hashable, Sendable {
        /// The daemon dies at a sync of its store, counted from the moment before the rotation is asked for.
        case sync(Int, SyncFaults.Moment)
        /// The daemon is killed while a message of the target's connection is held, which then never arrives.
        case held(NetworkFault.Place)
        /// The connection to the target is reset; the daemon lives on.
        case cut(NetworkFault.Place)
    }

    let moment: Moment

    init(_ moment: Moment) {
        self.moment = moment
    }

    var description: String {
        switch self.moment {
        case .sync(let number, let moment): "sync-\(number)-\(moment)"
        case .held(let place): "\(place)-killed"
        case .cut(let place): "\(place)-cut"
        }
    }

    var isDeadly: Bool {
        if case .cut = self.moment { false } else { true }
    }
}

/// What a rotation without faults does that a fault could come between.
struct KillMap: Sendable {
    let syncs: Int
    let places: [NetworkFault.Place]
    let bytes: (requests: Int, answers: Int)

    /// A sync, a call with a death, and a call with a cut.
    func sample(using generator: inout SeededGenerator) -> [KillPoint] {
        let points = self.points.shuffled(using: &generator)
        let kinds: [(KillPoint.Moment) -> Bool] = [
            { if case .sync = $0 { true } else { false } }, { if case .held = $0 { true } else { false } },
            { if case .cut = $0 { true } else { false } },
        ]
        return kinds.compactMap { isOfKind in points.first { isOfKind($0.moment) } }
    }

    /// Every point: before and after each sync; killed and cut before each call to the target, and before each of its answers.
    var points: [KillPoint] {
        let syncs = (1...max(self.syncs, 1)).flatMap { number in SyncFaults.Moment.allCases.map { KillPoint(.sync(number, $0)) } }
        return syncs + self.places.flatMap { [KillPoint(.held($0)), KillPoint(.cut($0))] }
    }

    /// Cuts in the middle of messages, of either side.
    func bytePoints(_ count: Int, using generator: inout SeededGenerator) -> [KillPoint] {
        (0..<count).map { _ in
            let isRequest = Bool.random(using: &generator)
            let byte = Int.random(in: 1...max(isRequest ? self.bytes.requests : self.bytes.answers, 1), using: &generator)
            return KillPoint(.cut(isRequest ? .requestByte(byte) : .answerByte(byte)))
        }
    }

    /// A death, and something else while the daemon recovers from it.
    func pairs(_ count: Int, using generator: inout SeededGenerator) -> [[KillPoint]] {
        let deaths = self.points.filter(\.isDeadly)
        // A recovery takes fewer steps than the rotation: later points it would not reach.
        let soon = KillMap(syncs: min(self.syncs, 4), places: Array(self.places.prefix(16)), bytes: self.bytes).points
        return (0..<count).compactMap { _ in
            guard let first = deaths.randomElement(using: &generator), let second = soon.randomElement(using: &generator) else {
                return nil
            }
            return [first, second]
        }
    }
}
