package import Auditing
import SecretModel
package import Storage

extension KeyService {
    /// Sets tags: the same key is overwritten in place, new keys are appended.
    package func tag(_ reference: KeyReference, with tags: [Tag], _ origin: RequestOrigin) async throws(KeyServiceError) {
        try AccountKeyRecord.checkTags(tags)
        let details: [JSONValue.Member] = [
            .init("tags", .array(tags.map { ["tagKey": .string($0.key), "tagValue": .string($0.value)] }))
        ]
        try await self.change(reference, origin, event: "TagResource", details: details) { key, _ in
            key.tags.set(tags)
            guard key.tags.count <= AccountKeyRecord.tagLimit else {
                throw KeyServiceError.tooManyTags(limit: AccountKeyRecord.tagLimit)
            }
        }
    }

    /// Removes tags; an absent key is no error.
    package func untag(_ reference: KeyReference, keys: [String], _ origin: RequestOrigin) async throws(KeyServiceError) {
        let details: [JSONValue.Member] = [.init("tagKeys", .array(keys.map { .string($0) }))]
        try await self.change(reference, origin, event: "UntagResource", details: details) { key, _ in
            key.tags.removeAll { tag in keys.contains { tag.isNamed($0) } }
        }
    }
}

extension AccountKeyRecord {
    /// Tags per key, at AWS too.
    static let tagLimit = 50

    /// What holds for the tags of one request by themselves.
    static func checkTags(_ tags: [Tag]) throws(KeyServiceError) {
        if let reserved = tags.first(where: \.isReserved) { throw .reservedTagKey(reserved.key) }
        if let twice = tags.firstNamedTwice { throw .duplicateTagKey(twice.key) }
        guard tags.count <= self.tagLimit else { throw .tooManyTags(limit: self.tagLimit) }
    }
}
