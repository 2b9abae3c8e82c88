import Foundation

/// A thread that can be waited for: the tests' proxies block, and must not do so on Swift's own threads.
final class Worker: Sendable {
    private let end = DispatchSemaphore(value: 0)

    @discardableResult
    static func start(_ body: @escaping @Sendable () -> Void) -> Worker {
        let worker = Worker()
        Thread.detachNewThread {
            body()
            worker.end.signal()
        }
        return worker
    }

    func join() { self.end.wait() }
}
