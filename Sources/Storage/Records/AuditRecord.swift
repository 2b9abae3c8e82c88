/// An event in its place in the audit trail.
package struct AuditRecord: Hashable, Sendable {
    /// Its number, without gaps from the chain's first record on.
    package let sequence: Int64
    package let event: AuditEvent
    /// The hash of the record before it.
    package let previousHash: [UInt8]
    /// Over all of the above. Empty, as the previous one is, for a record from before there was a chain.
    package let hash: [UInt8]

    package init(sequence: Int64, event: AuditEvent, previousHash: [UInt8], hash: [UInt8]) {
        self.sequence = sequence
        self.event = event
        self.previousHash = previousHash
        self.hash = hash
    }
}
