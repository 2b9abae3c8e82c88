/// Keeps the first and the last bytes of an endless stream: what a person needs of a log, in bounded memory.
package struct BoundedCapture: Sendable {
    private let limit: Int
    /// At most `limit` bytes from the start.
    package private(set) var head: [UInt8] = []
    /// At most `limit` bytes from the end, without those of the head.
    package private(set) var tail: [UInt8] = []
    /// Bytes between head and tail that were dropped.
    package private(set) var dropped = 0

    /// - Parameter limit: Bytes kept at each end.
    package init(limit: Int) {
        self.limit = limit
    }

    package mutating func append(_ bytes: [UInt8]) {
        let free = max(0, self.limit - self.head.count)
        self.head += bytes.prefix(free)
        self.tail += bytes.dropFirst(free)
        let excess = self.tail.count - self.limit
        if excess > 0 {
            self.tail.removeFirst(excess)
            self.dropped += excess
        }
    }
}
