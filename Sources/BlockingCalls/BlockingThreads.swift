import CPlatform
import Dispatch
import Foundation
import NIOConcurrencyHelpers

/// Threads for C libraries that block: bounded, and never those of Swift's cooperative pool.
///
/// A thread is started when a call finds none idle, and stays. Of the idle ones the last that had work gets the next call: its stack and
/// the library's memory are still in the caches, which in a login to a server nearby makes a tenth of the time. Calls beyond the bound wait
/// in their order.
///
/// What keeps this correct: all state is behind one lock, and no call runs and no thread waits under it. A ``Seat`` is in `idle` only when
/// its thread waits at it or will next do so; whoever takes it out, under the lock, gives it exactly one turn.
package final class BlockingThreads: Sendable {
    private let greatestCount: Int
    private let name: String
    private let state = NIOLockedValueBox(State())

    private struct State {
        var idle: [Seat] = []
        var waiting: [Call] = []
        var count = 0
        var calls: UInt64 = 0
    }

    /// - Parameters:
    ///   - greatestCount: How many calls may block at the same time.
    ///   - name: Of the threads, for those who look at the process from outside; at most 15 characters of ASCII.
    package init(atMost greatestCount: Int, named name: String = "keyturn-calls") {
        (self.greatestCount, self.name) = (max(greatestCount, 1), name)
    }

    /// Whoever waits in ``run(_:)`` keeps the pool alive: now all threads are idle.
    deinit {
        for seat in self.state.withLockedValue({ $0.idle }) { seat.give(nil) }
    }

    /// Runs a body that may block.
    ///
    /// Cancelling the task takes the call out of the line of those that wait for a thread; it does not interrupt a body.
    /// - Throws: What the body throws, or `CancellationError` from the line.
    package func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let number = self.state.withLockedValue { state in
            state.calls += 1
            return state.calls
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Result, any Error>) in
                let call = Call(
                    number: number,
                    perform: {
                        let result = Swift.Result { try body() }
                        return { caller.resume(with: result) }
                    },
                    refuse: { caller.resume(throwing: CancellationError()) }
                )
                if Task.isCancelled { return call.refuse() }
                self.begin(call)
                // Who cancelled just before the call stood in the line found nothing to take out.
                if Task.isCancelled { self.takeOut(number) }
            }
        } onCancel: {
            self.takeOut(number)
        }
    }
}

extension BlockingThreads {
    private func begin(_ call: Call) {
        let (seat, isNew) = self.state.withLockedValue { state -> (Seat?, Bool) in
            if let seat = state.idle.popLast() { return (seat, false) }
            guard state.count < self.greatestCount else {
                state.waiting.append(call)
                return (nil, false)
            }
            state.count += 1
            return (Seat(), true)
        }
        guard let seat else { return }
        seat.give(call)
        if isNew { self.start(seat) }
    }

    private func takeOut(_ number: UInt64) {
        let call = self.state.withLockedValue { state in
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        call?.refuse()
    }

    /// The thread holds the pool only as long as a call does, which it needs for finding its next one.
    private func start(_ seat: Seat) {
        let thread = Thread { [weak self, name] in
            // Not by `Thread.name`, which does nothing until the one who starts the thread knows its id.
            keyturn_name_thread(name)
            while var call = seat.take() {
                while true {
                    let answer = call.perform()
                    // Idle before its caller goes on, so that the caller's next call finds this thread.
                    let next = self?.next(for: seat)
                    answer()
                    guard let next else { break }
                    call = next
                }
            }
        }
        thread.start()
    }

    /// The call that has waited longest; without one, the seat is idle.
    private func next(for seat: Seat) -> Call? {
        self.state.withLockedValue { state in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.idle.append(seat)
            return nil
        }
    }
}

/// One call of ``BlockingThreads``: exactly one of `perform` and `refuse` is used, once.
private struct Call: Sendable {
    let number: UInt64
    /// Runs the body, and returns what gives its result to the caller.
    let perform: @Sendable () -> @Sendable () -> Void
    let refuse: @Sendable () -> Void
}

/// Where one thread waits for its next turn.
private final class Seat: Sendable {
    private let bell = DispatchSemaphore(value: 0)
    private let call = NIOLockedValueBox<Call?>(nil)

    /// - Parameter call: `nil` ends the thread.
    func give(_ call: Call?) {
        self.call.withLockedValue { $0 = call }
        self.bell.signal()
    }

    func take() -> Call? {
        self.bell.wait()
        return self.call.withLockedValue { call in
            defer { call = nil }
            return call
        }
    }
}
