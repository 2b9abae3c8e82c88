import Crypto
import FoundationEssentials
package import SecretModel

/// Signs notifications as Standard Webhooks ask (standardwebhooks.com, symmetric scheme `v1`).
package struct WebhookSigner: Sendable {
    private let keys: [SymmetricKey]

    /// - Parameter secrets: `whsec_<base64 of 24 to 64 bytes>`, the newest first.
    /// - Returns: `nil` if there is none, or one of another form.
    package init?(_ secrets: [SecretValue]) {
        var keys: [SymmetricKey] = []
        for secret in secrets {
            guard let text = secret.string, text.utf8.starts(with: "whsec_".utf8),
                let key = Data(base64Encoded: String(text.dropFirst("whsec_".count))), (24...64).contains(key.count)
            else { return nil }
            keys.append(SymmetricKey(data: key))
        }
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    /// The value of `webhook-signature`: one `v1,<base64 HMAC-SHA256>` per key, so that a receiver that knows any of them accepts.
    ///
    /// - Parameters:
    ///   - id: The value of `webhook-id`.
    ///   - timestamp: The value of `webhook-timestamp`: Unix seconds of this attempt.
    ///   - body: The body as it is sent.
    package func signature(id: String, timestamp: Int64, body: String) -> String {
        let signed = Data("\(id).\(timestamp).\(body)".utf8)
        return self.keys.map { key in
            "v1,\(Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString())"
        }.joined(separator: " ")
    }
}
