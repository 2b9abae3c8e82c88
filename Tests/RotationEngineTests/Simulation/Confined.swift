/// State of one simulation, of which every job and every timer runs on one thread.
///
/// `@unchecked Sendable`: `SimulationExecutor` runs the jobs one after another on the thread that made the simulation, `SimulatedClock`
/// fires timers on that thread between jobs, and a job that comes from elsewhere is counted as a stray, which fails the test.
final class Confined<Value>: @unchecked Sendable {
    var value: Value

    init(_ value: Value) {
        self.value = value
    }
}
