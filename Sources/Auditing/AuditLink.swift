import Storage

/// A place in the chain: up to here everything is as it was written.
package struct AuditLink: Hashable, Sendable {
    /// The sequence of the last record that was looked at.
    package private(set) var sequence: Int64
    package private(set) var hash: [UInt8]

    package init(sequence: Int64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }

    /// Goes on to the next record.
    ///
    /// - Parameter others: Records among which the right one is looked for if this one is not it.
    /// - Returns: What is wrong with it; then the place stays.
    mutating func follow(_ record: AuditRecord, among others: some Sequence<AuditRecord> = []) -> AuditFinding? {
        let expected = self.sequence + 1
        guard record.sequence == expected else { return .missing(from: expected, through: record.sequence - 1) }
        let hash = AuditChain.hash(of: record.event, sequence: expected, after: self.hash)
        guard record.previousHash == self.hash, record.hash == hash else {
            let moved = others.first { other in
                other.sequence != expected && AuditChain.hash(of: other.event, sequence: expected, after: self.hash) == other.hash
            }
            return moved.map { .outOfOrder(sequence: expected, found: $0.sequence) } ?? .changed(sequence: expected)
        }
        (self.sequence, self.hash) = (expected, hash)
        return nil
    }
}
