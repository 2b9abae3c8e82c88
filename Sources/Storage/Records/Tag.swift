/// A tag of a secret or a KMS key, as its owner gave it; in the order of the caller.
package struct Tag: Hashable, Sendable, Codable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// Byte for byte: keys are case-sensitive, and Swift's own equality would take some different keys for the same.
    package func isNamed(_ key: String) -> Bool { self.key.utf8.elementsEqual(key.utf8) }

    /// Whether its key begins with `aws:`, which nobody may set.
    package var isReserved: Bool { self.key.utf8.starts(with: "aws:".utf8) }
}

extension [Tag] {
    /// A tag whose key an earlier one has too.
    package var firstNamedTwice: Tag? {
        self.enumerated().first { index, tag in self[..<index].contains { $0.isNamed(tag.key) } }?.element
    }

    /// The same key is overwritten in place, new keys are appended.
    package mutating func set(_ tags: [Tag]) {
        for tag in tags {
            if let index = self.firstIndex(where: { $0.isNamed(tag.key) }) { self[index] = tag } else { self.append(tag) }
        }
    }
}
