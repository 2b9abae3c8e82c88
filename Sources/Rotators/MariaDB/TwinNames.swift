import RotationModel

/// The two users that take turns. The original is always the template of the other's privileges, whichever is current (W8).
struct TwinNames: Hashable, Sendable {
    let original: String
    let twin: String

    /// As AWS's functions name them.
    static let suffix = "_clone"
    /// Characters of a user name that MariaDB 10.4 and later take; older limits of AWS's functions are no longer real (W15).
    static let greatestLength = 128

    /// - Parameter user: Either of the two.
    init(user: String, options: MariaDBOptions) throws(RotationFailure) {
        if let pair = options.pair {
            guard pair.contains(user) else {
                throw RotationFailure(
                    .configInvalid,
                    "the secret's user \(user) is none of the option `users` (\(pair.joined(separator: ", ")))",
                    hint: "correct `users` in the rules, or `username` in the secret"
                )
            }
            self.original = pair[0]
            self.twin = pair[1]
        } else {
            self.original = user.hasSuffix(Self.suffix) ? String(user.dropLast(Self.suffix.count)) : user
            self.twin = self.original + Self.suffix
        }
        guard !self.original.isEmpty, self.twin.unicodeScalars.count <= Self.greatestLength else {
            throw RotationFailure(
                .configInvalid,
                "no second user can be named after \(user): names have 1 to \(Self.greatestLength) characters",
                hint: "name both users with the option `users`"
            )
        }
    }

    func other(than user: String) -> String { user == self.original ? self.twin : self.original }
}
