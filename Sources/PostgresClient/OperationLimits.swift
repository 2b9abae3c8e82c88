import Glibc
import NIOConcurrencyHelpers

/// The deadline of an operation, and whether its task was cancelled meanwhile. Everything that waits for a socket waits here.
struct OperationLimits: Sendable {
    let deadline: ContinuousClock.Instant
    private let isCancelled: NIOLockedValueBox<Bool>

    init(deadline: ContinuousClock.Instant) {
        self.init(deadline: deadline, isCancelled: NIOLockedValueBox(false))
    }

    private init(deadline: ContinuousClock.Instant, isCancelled: NIOLockedValueBox<Bool>) {
        self.deadline = deadline
        self.isCancelled = isCancelled
    }

    /// The same operation with an earlier deadline for a part of it.
    func within(_ duration: Duration) -> OperationLimits {
        OperationLimits(deadline: min(self.deadline, ContinuousClock.now + duration), isCancelled: self.isCancelled)
    }

    func cancel() {
        self.isCancelled.withLockedValue { $0 = true }
    }

    func check() throws(PostgresError) {
        if self.isCancelled.withLockedValue({ $0 }) { throw PostgresError(.cancelled, "the operation was cancelled") }
        if ContinuousClock.now >= self.deadline { throw PostgresError(.timedOut, "no answer before the deadline") }
    }

    /// How long a cancellation may go unseen.
    private static let slice = Duration.milliseconds(50)

    /// Waits until the socket is ready for one of the events (`POLLIN`, `POLLOUT`).
    func wait(for events: Int32, on socket: Int32) throws(PostgresError) {
        while true {
            try self.check()
            let rest = min(self.deadline - ContinuousClock.now, Self.slice)
            // Rounded up, so that the last slice does not spin.
            let milliseconds = max(rest.components.attoseconds / 1_000_000_000_000_000 + 1, 1)
            var descriptor = pollfd(fd: socket, events: Int16(events), revents: 0)
            if poll(&descriptor, 1, Int32(milliseconds)) > 0 { return }
        }
    }
}
