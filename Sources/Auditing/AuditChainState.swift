import Encryption
import SecretModel
import Storage

/// The head of the chain without its seal: from where to where it goes.
struct AuditChainState: Hashable {
    var first: Int64
    var anchor: [UInt8]
    var startedAt: Timestamp
    var last: Int64
    var hash: [UInt8]
    var damage: String?

    /// A chain without records, behind what the table holds already.
    init(beginningAfter sequence: Int64, at now: Timestamp, damage: String? = nil) {
        (self.first, self.last) = (sequence + 1, sequence)
        (self.anchor, self.hash) = (AuditChain.beginning, AuditChain.beginning)
        self.startedAt = now
        self.damage = damage
    }

    init(_ head: AuditHead) {
        (self.first, self.anchor, self.startedAt) = (head.first, head.anchor, head.startedAt)
        (self.last, self.hash, self.damage) = (head.last, head.hash, head.damage)
    }

    mutating func append(_ event: AuditEvent) -> AuditRecord {
        let record = AuditChain.record(event, sequence: self.last + 1, after: self.hash)
        (self.last, self.hash) = (record.sequence, record.hash)
        return record
    }

    private static let purpose = "audit head"

    func sealed(by keyring: Keyring) throws(EncryptionError) -> AuditHead {
        let (code, key) = try keyring.authenticationCode(of: AuditChain.encoding(of: self), purpose: Self.purpose)
        return AuditHead(
            first: self.first,
            anchor: self.anchor,
            startedAt: self.startedAt,
            last: self.last,
            hash: self.hash,
            damage: self.damage,
            seal: AuditHead.Seal(key: key, code: code)
        )
    }

    /// Whether the head carries the seal of this store.
    static func isSealed(_ head: AuditHead, by keyring: Keyring) -> Bool {
        let encoding = AuditChain.encoding(of: AuditChainState(head))
        return keyring.isAuthentic(head.seal.code, of: encoding, purpose: Self.purpose, with: head.seal.key)
    }
}
