import Crypto
package import SecretModel
import Storage

/// Names that make alerts and messages recognisable: the same incident has the same fingerprint everywhere (`alerting.md` §3).
package enum AlertFingerprint {
    /// `hex(sha256("keyturn/v1\n" + name + "\n" + ARN))`: 64 characters.
    package static func of(_ name: String, _ secret: SecretARN) -> String { self.of(name, arn: secret.description) }

    /// - Parameter arn: Of what the alert is about.
    static func of(_ name: String, arn: String) -> String { AlertFingerprint.digest("keyturn/v1\n\(name)\n\(arn)") }

    /// `evt_…`, derived from the facts of the notification: the same transaction run twice makes the same id.
    static func messageID(_ alert: AlertRecord, sink: String, status: String, at now: Timestamp) -> String {
        let facts = [
            alert.fingerprint, sink, status, String(alert.startsAt.microseconds), String(now.microseconds), String(alert.attempts),
            alert.errorCode ?? "",
        ]
        return "evt_\(AlertFingerprint.digest(facts.joined(separator: "\n")).prefix(32))"
    }

    static func digest(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).map { byte in
            let hex = String(byte, radix: 16)
            return hex.utf8.count == 1 ? "0\(hex)" : hex
        }.joined()
    }
}
