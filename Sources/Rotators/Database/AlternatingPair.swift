package import RotationModel

/// The two accounts that take turns. The original is the template: what the clone may do is copied from it, never the reverse (W8).
package struct AlternatingPair: Hashable, Sendable {
    /// What AWS's rotation functions append, so that secrets move over with their accounts.
    package static let suffix = "_clone"

    package let original: String
    package let clone: String
    /// Whether a person made both accounts and vouches for their rights: then only passwords change.
    package let isPrepared: Bool

    /// - Parameters:
    ///   - username: One of the pair, from the current value.
    ///   - settings: Option `users: a,b` names a prepared pair, `a` being the original; `clone: existing` says that both accounts under
    ///     their usual names are prepared.
    ///   - limit: The greatest length of a name in bytes.
    /// - Throws: `config_invalid`.
    package init(containing username: String, settings: RotatorSettings, limit: Int) throws(RotationFailure) {
        if let users = settings.options["users"] {
            let names = users.split(separator: ",", omittingEmptySubsequences: false).map { name in
                String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            guard names.count == 2, let first = names.first, let last = names.last, first != last, !first.isEmpty, !last.isEmpty else {
                throw RotationFailure(.configInvalid, "the option `users` must name two different accounts", hint: "users: app_a,app_b")
            }
            guard names.contains(username) else {
                throw RotationFailure(
                    .configInvalid,
                    "the account of the current value is not one of the two that the option `users` names",
                    hint: "Correct the secret's `username`, or the option."
                )
            }
            (self.original, self.clone, self.isPrepared) = (first, last, true)
        } else {
            self.original = Self.original(of: username)
            self.clone = self.original + Self.suffix
            self.isPrepared = settings.options["clone"] == "existing"
        }
        let longest = max(self.original.utf8.count, self.clone.utf8.count)
        guard longest <= limit else {
            throw RotationFailure(
                .configInvalid,
                "the account's name with \(Self.suffix) has \(longest) bytes; the engine takes \(limit)",
                hint: "Use a shorter name, or name a prepared pair in the option `users`."
            )
        }
    }

    /// The account whose turn is next.
    package func other(than username: String) -> String { username == self.clone ? self.original : self.clone }

    /// The name without the suffix; a name that is nothing but the suffix is an original.
    package static func original(of username: String) -> String {
        guard username.utf8.count > self.suffix.utf8.count, username.hasSuffix(self.suffix) else { return username }
        return String(username.dropLast(self.suffix.count))
    }
}
