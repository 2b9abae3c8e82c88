package import Storage

/// Walks the chain of audit records, so many at a time: memory is bounded, and whoever asks sees how far it is.
package struct AuditVerifier: Sendable {
    /// How far a walk has come.
    package struct Progress: Sendable {
        /// Where to go on; `nil` when the walk is over, by its end or by a finding.
        package var next: AuditLink?
        package var checked = 0
        package var finding: AuditFinding?
        /// As it was in the same snapshot; `nil` for a trail without records.
        package var head: AuditHead?
        /// Records from before there was a chain; nothing is known of them.
        package var unchained = 0
    }

    private let store: Store
    private let trail: AuditTrail

    package init(store: Store, trail: AuditTrail) {
        self.store = store
        self.trail = trail
    }

    /// - Parameters:
    ///   - link: Where to go on; `nil` to begin.
    ///   - noted: A record whose hash was noted at another place: that it still stands in the chain shows that the whole store was not put
    ///     back as it was before.
    ///   - limit: The most records to look at.
    package func verify(from link: AuditLink?, noted: AuditLink? = nil, limit: Int) async throws -> Progress {
        try await self.store.read { store in
            var progress = Progress()
            guard let head = try store.auditHead() else {
                progress.finding = try store.hasAuditChain() ? .headMissing : noted.map { .notedHeadDiffers(sequence: $0.sequence) }
                return progress
            }
            progress.head = head
            progress.finding = self.finding(in: head, noted: noted)
            guard progress.finding == nil else { return progress }
            progress.unchained = try store.auditRecordCount(before: head.first)
            try Self.walk(from: link, to: head, noted: noted, limit: limit, &progress, in: store)
            return progress
        }
    }

    private func finding(in head: AuditHead, noted: AuditLink?) -> AuditFinding? {
        guard AuditChainState.isSealed(head, by: self.trail.keyring) else { return .headChanged }
        if let damage = head.damage { return .damaged(damage) }
        guard let noted, noted.sequence > head.last else { return nil }
        return .notedHeadDiffers(sequence: noted.sequence)
    }

    /// So many records are in memory at once.
    private static let batch = 500

    private static func walk(
        from start: AuditLink?,
        to head: AuditHead,
        noted: AuditLink?,
        limit: Int,
        _ progress: inout Progress,
        in store: StoreReader
    ) throws {
        let anchor = AuditLink(sequence: head.first - 1, hash: head.anchor)
        // What was pruned meanwhile was verified then.
        var link = start.flatMap { $0.sequence < anchor.sequence ? nil : $0 } ?? anchor
        while progress.checked < limit {
            let records = try store.auditRecords(after: link.sequence, limit: min(Self.batch, limit - progress.checked))
            for record in records where progress.finding == nil {
                guard record.sequence <= head.last else {
                    progress.finding = link.sequence < head.last ? Self.cutOff(link, head) : .unexpected(sequence: record.sequence)
                    return
                }
                progress.finding = link.follow(record, among: records)
                if let noted, record.sequence == noted.sequence, record.hash != noted.hash {
                    progress.finding = progress.finding ?? .notedHeadDiffers(sequence: noted.sequence)
                }
                if progress.finding == nil { progress.checked += 1 }
            }
            guard progress.finding == nil else { return }
            guard !records.isEmpty else {
                if link.sequence < head.last {
                    progress.finding = Self.cutOff(link, head)
                } else if link.hash != head.hash {
                    progress.finding = .changed(sequence: link.sequence)
                }
                return
            }
        }
        progress.next = link
    }

    private static func cutOff(_ link: AuditLink, _ head: AuditHead) -> AuditFinding {
        .cutOff(from: link.sequence + 1, through: head.last)
    }
}
