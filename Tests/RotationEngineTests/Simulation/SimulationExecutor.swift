import Glibc
import NIOConcurrencyHelpers

/// Runs all tasks of one simulation on one thread, first come, first served: with the same seed they take the same course.
final class SimulationExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var next = 0
        var strays = 0
        var finished = 0
    }

    private let state = NIOLockedValueBox(State())
    private let thread = pthread_self()

    /// Jobs that came from another thread: something of the simulation ran elsewhere, and no seed can be repeated.
    var strays: Int { self.state.withLockedValue { $0.strays } }

    /// Jobs that were run.
    var finished: Int { self.state.withLockedValue { $0.finished } }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        let isStray = pthread_equal(pthread_self(), self.thread) == 0
        self.state.withLockedValue { state in
            state.jobs.append(unowned)
            if isStray { state.strays += 1 }
        }
    }

    /// Runs what is ready, and what becomes ready meanwhile, but no more than `limit` jobs.
    func drain(limit: Int) {
        for _ in 0..<limit {
            guard let job = self.state.withLockedValue({ Self.next(&$0) }) else { return }
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }

    private static func next(_ state: inout State) -> UnownedJob? {
        guard state.next < state.jobs.count else {
            state.jobs.removeAll(keepingCapacity: true)
            state.next = 0
            return nil
        }
        state.next += 1
        state.finished += 1
        return state.jobs[state.next - 1]
    }
}
