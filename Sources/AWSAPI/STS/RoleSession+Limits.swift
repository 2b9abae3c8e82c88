import Access
import SecretModel

extension RoleSession {
    /// What a session may carry, in bytes: the token goes in a header of each request. AWS's own limit is secret.
    private static let packedLimit = 8_192

    /// `PackedPolicySize`: how much of the room for policies and tags is used, in percent.
    ///
    /// - Returns: `nil` for a session with neither.
    /// - Throws: `PackedPolicyTooLarge`.
    func packedSize() throws(APIError) -> Int? {
        guard self.hasPolicies || !self.tags.isEmpty else { return nil }
        let texts = [self.policy ?? ""] + self.policyNames + self.tags.flatMap { [$0.key, $0.value] }
        let size = texts.reduce(0) { $0 + $1.utf8.count }
        let percent = (size * 100 + Self.packedLimit - 1) / Self.packedLimit
        guard percent <= 100 else {
            throw APIError(
                code: "PackedPolicyTooLarge",
                message: "Packed size of session policies and tags consumes \(percent)% of allotted space."
            )
        }
        return percent
    }
}

extension APIInput {
    /// `Tags`, and those that the session of the caller hands on.
    func sessionTags(inheriting session: AccessSession?) throws(APIError) -> [SessionTag] {
        let inherited = (session?.tags ?? []).filter(\.isTransitive)
        let transitive = Set((self.strings("TransitiveTagKeys") ?? []).map(asciiLowercased))
        let own = (self.objects("Tags") ?? []).map { tag in
            let key = tag.string("Key") ?? ""
            return SessionTag(key: key, value: tag.string("Value") ?? "", isTransitive: transitive.contains(asciiLowercased(key)))
        }
        let keys = own.map { asciiLowercased($0.key) }
        if let reserved = own.first(where: { asciiLowercased($0.key).utf8.starts(with: "aws:".utf8) }) {
            throw APIError(.validation, "The tag key \(reserved.key) starts with aws:, which is reserved.")
        }
        guard Set(keys).count == keys.count else {
            throw APIError(.validation, "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        }
        guard transitive.isSubset(of: keys) else {
            throw APIError(.validation, "TransitiveTagKeys names a tag that Tags does not have.")
        }
        if let taken = inherited.first(where: { keys.contains(asciiLowercased($0.key)) }) {
            throw APIError(.validation, "The session that assumes the role hands the tag \(taken.key) on: it cannot be set anew.")
        }
        return own + inherited
    }
}
