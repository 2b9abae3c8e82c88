import SecretModel

/// How one attempt to deliver a message ended.
package enum DeliveryResult: Hashable, Sendable {
    /// The sink has it. The text says how it answered.
    case accepted(String)
    /// Worth another attempt, not before `after` if the sink said so. `isCounted`: only a few of these in a row are worth it.
    case failed(String, after: Duration? = nil, isCounted: Bool = false)
    /// The sink will never take it: a dead letter at once.
    case refused(String)
}

/// Brings one message to one kind of sink.
protocol SinkTransport: Sendable {
    func deliver(_ notification: Notification) async -> DeliveryResult
}

/// What a transport needs of a message.
struct Notification: Sendable {
    let id: String
    let body: String
    /// Of this attempt.
    let at: Timestamp
}
