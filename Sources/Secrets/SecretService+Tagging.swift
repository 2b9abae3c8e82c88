package import Auditing
package import SecretModel
package import Storage

extension SecretService {
    /// Refuses tags that the caller may not give a secret: it gets the secret as it was and the tags that it is to have.
    package typealias TagCheck = @Sendable (SecretRecord, [Tag]) throws -> Void

    /// Sets tags: the same key is overwritten in place, new keys are appended.
    package func tag(
        _ reference: SecretReference,
        with tags: [Tag],
        check: @escaping TagCheck = { _, _ in },
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) {
        try await self.write(origin) { try self.tag(reference, with: tags, check: check, origin, in: $0) }
    }

    /// `tag` in the caller's transaction, which a refusal must end.
    package func tag(
        _ reference: SecretReference,
        with tags: [Tag],
        check: TagCheck = { _, _ in },
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws {
        try SecretRecord.checkTags(tags)
        let parameters: JSONValue = [
            "secretId": .string(reference.text),
            "tags": .array(tags.map { ["key": .string($0.key), "value": .string($0.value)] }),
        ]
        _ = try self.change(reference, origin, event: "TagResource", parameters: parameters, in: store) { record, _ in
            guard !tags.isEmpty else { return }
            var all = record.tags ?? []
            all.set(tags)
            guard all.count <= SecretRecord.tagLimit else { throw SecretServiceError.tooManyTags(limit: SecretRecord.tagLimit) }
            try check(record, all)
            record.tags = all
        }
    }

    /// Removes tags; an absent key is no error. After the last one the secret has an empty list of tags, not none (`aws-api.md` §1.2).
    package func untag(
        _ reference: SecretReference,
        keys: [String],
        check: @escaping TagCheck = { _, _ in },
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) {
        _ = try await self.change(reference, origin, event: "UntagResource") { record, _ in
            guard var left = record.tags else { return }
            left.removeAll { tag in keys.contains { tag.isNamed($0) } }
            try check(record, left)
            record.tags = left
        }
    }
}

extension SecretRecord {
    /// Tags per secret (`aws-api.md` §10).
    static let tagLimit = 50

    /// What holds for the tags of one request by themselves.
    static func checkTags(_ tags: [Tag]) throws(SecretServiceError) {
        if let reserved = tags.first(where: \.isReserved) { throw .reservedTagKey(reserved.key) }
        if let twice = tags.firstNamedTwice { throw .duplicateTagKey(twice.key) }
        guard tags.count <= self.tagLimit else { throw .tooManyTags(limit: self.tagLimit) }
    }
}
