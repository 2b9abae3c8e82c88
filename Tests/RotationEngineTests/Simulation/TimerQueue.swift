/// Timers in the order in which they are due; of two at one time the one that was set first.
struct TimerQueue {
    struct Timer {
        /// Microseconds since the simulation began.
        let at: Int64
        /// Ascending as timers are set.
        let number: Int
        let action: () -> Void

        fileprivate func isBefore(_ other: Timer) -> Bool { (self.at, self.number) < (other.at, other.number) }
    }

    /// A binary heap.
    private var timers: [Timer] = []

    mutating func push(_ timer: Timer) {
        self.timers.append(timer)
        var child = self.timers.count - 1
        while child > 0, self.timers[child].isBefore(self.timers[(child - 1) / 2]) {
            self.timers.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the first one out.
    mutating func pop() -> Timer? {
        guard let last = self.timers.popLast() else { return nil }
        guard let first = self.timers.first else { return last }
        self.timers[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < self.timers.count && self.timers[child].isBefore(self.timers[least])
            {
                least = child
            }
            guard least != parent else { return first }
            self.timers.swapAt(parent, least)
            parent = least
        }
    }
}
