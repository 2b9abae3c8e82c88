import Foundation

/// A thread that can be waited for: the tests' proxies block, and must not do so on Swift's own threads.
package final class Worker: Sendable {
    private let end = DispatchSemaphore(value: 0)

    @discardableResult
    /// Runs a blocking body on a thread of its own.
    package static func start(_ body: @escaping @Sendable () -> Void) -> Worker {
        let worker = Worker()
        Thread.detachNewThread {
            body()
            worker.end.signal()
        }
        return worker
    }

    /// Waits for the end of the body.
    package func join() { self.end.wait() }
}
