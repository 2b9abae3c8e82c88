/// What is wrong with the audit trail: the first thing that is not as the daemon wrote it.
package enum AuditFinding: Error, Hashable, Sendable {
    /// The content of a record, or its hash, is another one.
    case changed(sequence: Int64)
    /// Records are not there.
    case missing(from: Int64, through: Int64)
    /// Another record stands where this one belongs; `found` is where it is now, if that is near.
    case outOfOrder(sequence: Int64, found: Int64?)
    /// The chain's last records are not there.
    case cutOff(from: Int64, through: Int64)
    /// A record that the daemon did not write stands behind the chain's end.
    case unexpected(sequence: Int64)
    /// There are records, but no head of the chain.
    case headMissing
    /// The head of the chain was not written by this store.
    case headChanged
    /// What the daemon found when it wrote, and has told since.
    case damaged(String)
    /// The head that was noted elsewhere does not stand on this chain.
    case notedHeadDiffers(sequence: Int64)

    package var kind: String {
        switch self {
        case .changed: "changed"
        case .missing: "missing"
        case .outOfOrder: "reordered"
        case .cutOff: "truncated"
        case .unexpected: "unexpected"
        case .headMissing: "headMissing"
        case .headChanged: "headChanged"
        case .damaged: "damaged"
        case .notedHeadDiffers: "notedHeadDiffers"
        }
    }

    /// The sequence of the first record that is concerned.
    package var sequence: Int64? {
        switch self {
        case .changed(let sequence), .outOfOrder(let sequence, _), .unexpected(let sequence), .notedHeadDiffers(let sequence): sequence
        case .missing(let from, _), .cutOff(let from, _): from
        case .headMissing, .headChanged, .damaged: nil
        }
    }
}

extension AuditFinding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .changed(let sequence): "record \(sequence) was changed"
        case .missing(let from, let through): "\(Self.records(from, through)) missing"
        case .outOfOrder(let sequence, let found):
            "record \(sequence) is not the one that was written there" + (found.map { "; that one stands at \($0) now" } ?? "")
        case .cutOff(let from, let through): "the end of the trail was cut off: \(Self.records(from, through)) missing"
        case .unexpected(let sequence): "record \(sequence) stands behind the end of the chain: the daemon did not write it"
        case .headMissing: "the head of the chain is missing"
        case .headChanged: "the head of the chain was changed: it does not carry this store's seal"
        case .damaged(let text): text
        case .notedHeadDiffers(let sequence): "record \(sequence) is not the one whose hash was noted, or is not there"
        }
    }

    private static func records(_ from: Int64, _ through: Int64) -> String {
        from == through ? "record \(from) is" : "records \(from) to \(through) are"
    }
}
