import SecretModel
import Storage

/// Which waiting messages go out now. Pure.
enum DeliveryBatch {
    /// Messages whose time has come, in the order in which they were written.
    ///
    /// A message waits for earlier ones of the same alert to the same sink: a resolution that overtook its alert would leave the receiver
    /// with an alert that never ends.
    static func due(_ waiting: [OutboxRecord], at now: Timestamp) -> [OutboxRecord] {
        var held: Set<String> = []
        var due: [OutboxRecord] = []
        for message in waiting {
            let line = "\(message.sink)\n\(self.alert(of: message))"
            if message.nextAttemptAt > now || held.contains(line) {
                held.insert(line)
            } else {
                due.append(message)
            }
        }
        return due
    }

    /// What ties messages together: the fingerprint, or for a body without one the message itself.
    static func alert(of message: OutboxRecord) -> String {
        do {
            return try JSONValue(parsing: message.body)["data"]?["alert"]?["fingerprint"]?.stringValue ?? message.id
        } catch {
            return message.id
        }
    }
}
