/// A write whose caller waits until it is on disk.
struct WaitingWrite: Sendable {
    /// Runs the body. The answer tells the caller of the result, and may be called only once that is on disk.
    let perform: @Sendable (any SQLConnection) throws -> @Sendable () -> Void
    /// Tells the caller why nothing of the write was kept.
    let fail: @Sendable (any Error) -> Void

    init<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result,
        for caller: CheckedContinuation<Result, any Error>
    ) {
        self.perform = { connection in
            let result = try body(connection)
            return { caller.resume(returning: result) }
        }
        self.fail = { caller.resume(throwing: $0) }
    }
}
