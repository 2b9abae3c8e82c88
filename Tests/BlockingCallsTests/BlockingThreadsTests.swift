import BlockingCalls
import Dispatch
import Foundation
import NIOConcurrencyHelpers
import TestSupport
import Testing

@Suite("Threads for blocking calls", .timeLimit(.minutes(10)))
struct BlockingThreadsTests {
    /// Calls that block until they are let go.
    final class Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        private let entered = NIOLockedValueBox(0)

        var count: Int { self.entered.withLockedValue { $0 } }

        /// - Returns: The thread.
        func pass() -> UInt {
            self.entered.withLockedValue { $0 += 1 }
            self.semaphore.wait()
            return UInt(pthread_self())
        }

        func open(for count: Int) { for _ in 0..<count { self.semaphore.signal() } }
    }

    /// The threads of this process with a name.
    static func threads(named name: String) throws -> Int {
        let tasks = "/proc/self/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).count { task in
            // A thread may end between the two looks.
            (try? String(contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8))?.trimmingCharacters(in: .newlines) == name
        }
    }

    @Test("No more calls at once than the bound; the others begin in their order when a thread is free")
    func bound() async throws {
        let (threads, gate) = (BlockingThreads(atMost: 3, named: "test-bound"), Gate())
        let order = NIOLockedValueBox<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await threads.run { gate.pass() } } }
            try await eventually("three calls block") { gate.count == 3 }
            let queued = (0..<20).map { number in { @Sendable in order.withLockedValue { $0.append(number) } } }
            group.addTask {
                async let last: Void = threads.run { order.withLockedValue { $0.append(-1) } }
                try await last
            }
            for call in queued { group.addTask { try await threads.run(call) } }
            #expect(try Self.threads(named: "test-bound") == 3)
            #expect(order.withLockedValue { $0 }.isEmpty, "nobody got past the bound")
            gate.open(for: 3)
            try await group.waitForAll()
        }
        #expect(Set(order.withLockedValue { $0 }) == Set(-1..<20))
        #expect(try Self.threads(named: "test-bound") == 3)
        // The threads end with the pool.
        withExtendedLifetime(threads) {}
    }

    @Test("Threads start only when none is idle: one call after the other needs one")
    func one() async throws {
        let threads = BlockingThreads(atMost: 64, named: "test-one")
        var used: Set<UInt> = []
        for _ in 0..<500 { used.insert(try await threads.run { UInt(pthread_self()) }) }
        #expect(used.count == 1)
        #expect(try Self.threads(named: "test-one") == 1)
        // The threads end with the pool.
        withExtendedLifetime(threads) {}
    }

    @Test("The thread that had work last gets the next call")
    func lastFirst() async throws {
        let threads = BlockingThreads(atMost: 3)
        let gates = [Gate(), Gate(), Gate()]
        let calls = gates.map { gate in Task { try await threads.run { gate.pass() } } }
        try await eventually("all block") { gates.allSatisfy { $0.count == 1 } }
        for number in [2, 0, 1] {
            gates[number].open(for: 1)
            let thread = try await calls[number].value
            for _ in 0..<20 { #expect(try await threads.run { UInt(pthread_self()) } == thread) }
        }
    }

    @Test("I10 a thread that blocks does not stop the others")
    func blocked() async throws {
        let (threads, gate) = (BlockingThreads(atMost: 2), Gate())
        let stuck = Task { try await threads.run { gate.pass() } }
        try await eventually("it blocks") { gate.count == 1 }
        for number in 0..<100 { #expect(try await threads.run { number } == number) }
        gate.open(for: 1)
        _ = try await stuck.value
    }

    @Test("A call that is cancelled in the line never runs; one that runs is not interrupted")
    func cancellation() async throws {
        let (threads, gate) = (BlockingThreads(atMost: 1), Gate())
        let running = Task { try await threads.run { gate.pass() } }
        try await eventually("it blocks") { gate.count == 1 }
        let queued = Task { try await threads.run { gate.pass() } }
        queued.cancel()
        await #expect(throws: CancellationError.self) { try await queued.value }
        running.cancel()
        gate.open(for: 1)
        _ = try await running.value
        #expect(gate.count == 1)
    }

    @Test("What the body throws is thrown, and the thread lives on")
    func errors() async throws {
        let threads = BlockingThreads(atMost: 1)
        await #expect(throws: FixtureError.self) { try await threads.run { throw FixtureError("on purpose") } }
        #expect(try await threads.run { 7 } == 7)
    }

    @Test("Many callers: every call runs once, whatever is cancelled meanwhile")
    func crowd() async throws {
        let (threads, done) = (BlockingThreads(atMost: 4, named: "test-crowd"), NIOLockedValueBox(0))
        let answered = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<2_000 {
                group.addTask {
                    let call = Task { try await threads.run { done.withLockedValue { $0 += 1 } } }
                    if number.isMultiple(of: 3) { call.cancel() }
                    do {
                        try await call.value
                        return 1
                    } catch is CancellationError {
                        return 0
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(answered == done.withLockedValue { $0 })
        #expect(answered >= 1_333)
        #expect(try Self.threads(named: "test-crowd") <= 4)
    }

    @Test("The threads end with the pool")
    func end() async throws {
        do {
            let (threads, gate) = (BlockingThreads(atMost: 3, named: "test-end"), Gate())
            let calls = (0..<3).map { _ in Task { try await threads.run { gate.pass() } } }
            try await eventually("all block") { gate.count == 3 }
            #expect(try Self.threads(named: "test-end") == 3)
            gate.open(for: 3)
            for call in calls { _ = try await call.value }
        }
        try await eventually("no thread is left") { try Self.threads(named: "test-end") == 0 }
    }
}
