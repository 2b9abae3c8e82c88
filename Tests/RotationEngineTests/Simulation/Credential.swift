import RotationModel
import SecretModel

/// A value of a simulated secret.
struct Credential: Hashable, Sendable {
    let host: String
    let username: String
    let password: String

    /// Without the suffix of the twin.
    var account: String { self.username.hasSuffix("_clone") ? String(self.username.dropLast("_clone".count)) : self.username }

    var twin: String { self.username == self.account ? self.account + "_clone" : self.account }

    init(host: String, username: String, password: String) {
        (self.host, self.username, self.password) = (host, username, password)
    }

    /// - Returns: `nil` for a value that is none of the simulation's.
    init?(_ value: SecretValue?) {
        guard let parts = value?.string?.split(separator: "\""), parts.count == 13 else { return nil }
        self.init(host: String(parts[3]), username: String(parts[7]), password: String(parts[11]))
    }

    var value: SecretValue {
        SecretValue(string: "{\"host\":\"\(self.host)\",\"username\":\"\(self.username)\",\"password\":\"\(self.password)\"}")
    }
}
