package import SecretModel

/// Where alerts go (`alerting.md` §4): comes from the configuration of the daemon, never from API users.
package struct AlertSink: Sendable {
    package enum Kind: Sendable {
        /// CloudEvents by HTTP POST, signed by each of the keys: two while the receiver changes to a new one.
        case webhook(url: String, signing: WebhookSigner)
        /// An executable that gets the event on stdin.
        case exec(path: String)
    }

    /// What is wrong with the configuration of a sink.
    package enum Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        case url(sink: String)
        case command(sink: String, String)
        case signingSecret(sink: String)

        package var description: String {
            switch self {
            case .url(let sink): "sink \(sink): the URL must begin with https:// or http://"
            case .command(let sink, let path): "sink \(sink): the command must be an absolute path, not '\(path)'"
            case .signingSecret(let sink): "sink \(sink): a signing secret must be whsec_ and the base64 of 24 to 64 bytes"
            }
        }
    }

    package let name: String
    package let kind: Kind

    /// - Parameters:
    ///   - name: Unique among the sinks.
    ///   - webhook: The receiver's URL.
    ///   - signingSecrets: `whsec_…`, the newest first; at least one.
    package init(name: String, webhook: String, signingSecrets: [SecretValue]) throws(Invalid) {
        guard webhook.hasPrefix("https://") || webhook.hasPrefix("http://") else { throw .url(sink: name) }
        guard let signer = WebhookSigner(signingSecrets) else { throw .signingSecret(sink: name) }
        self.name = name
        self.kind = .webhook(url: webhook, signing: signer)
    }

    /// - Parameters:
    ///   - name: Unique among the sinks.
    ///   - command: The absolute path of an executable, run without arguments.
    package init(name: String, command: String) throws(Invalid) {
        guard command.hasPrefix("/") else { throw .command(sink: name, command) }
        self.name = name
        self.kind = .exec(path: command)
    }
}
