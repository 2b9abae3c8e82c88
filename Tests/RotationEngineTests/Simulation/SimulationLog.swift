import Logging

/// Takes what the engine logs into the history, and counts what shows in no other place.
struct SimulationLog: LogHandler {
    let process: String
    let world: SimulatedWorld
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let text = event.message.description
        self.world.count(.leaseLosses, if: text.hasPrefix("the lease is lost"))
        guard event.level > .debug else { return }
        let cause = event.metadata?["cause"].map { " (\($0))" } ?? ""
        self.world.note("\(self.process) log: \(text)\(cause)")
    }
}
