import Crypto
import SecretModel
import Storage

/// How the records of the audit trail are bound to each other, and what of the chain's head is sealed: formats, never to be changed.
///
/// The hash of a record is SHA-256 over its fields in a fixed order, each as a text or bytes with its length before it, an absent one as a
/// length that no text has. So no two records have the same encoding, and anybody can compute the hash anew from an exported line.
enum AuditChain {
    static let hashLength = 32
    /// Stands before the first record that a chain ever has.
    static let beginning = [UInt8](repeating: 0, count: Self.hashLength)

    static func record(_ event: AuditEvent, sequence: Int64, after previous: [UInt8]) -> AuditRecord {
        AuditRecord(
            sequence: sequence,
            event: event,
            previousHash: previous,
            hash: self.hash(of: event, sequence: sequence, after: previous)
        )
    }

    static func hash(of event: AuditEvent, sequence: Int64, after previous: [UInt8]) -> [UInt8] {
        var encoding = CanonicalEncoding()
        encoding.append("keyturn audit record 1")
        encoding.append(String(sequence))
        encoding.append(previous)
        encoding.append(event.id)
        encoding.append(String(event.at.microseconds))
        encoding.append(event.scope.account.description)
        encoding.append(event.scope.region.description)
        encoding.append(event.source)
        encoding.append(event.name)
        encoding.append(event.isReadOnly ? "true" : "false")
        encoding.append(event.userName)
        encoding.append(event.accessKeyID)
        encoding.append(event.resource)
        encoding.append(event.errorCode)
        encoding.append(event.text)
        return Array(SHA256.hash(data: encoding.bytes))
    }

    static func encoding(of state: AuditChainState) -> [UInt8] {
        var encoding = CanonicalEncoding()
        encoding.append(String(state.first))
        encoding.append(state.anchor)
        encoding.append(String(state.startedAt.microseconds))
        encoding.append(String(state.last))
        encoding.append(state.hash)
        encoding.append(state.damage)
        return encoding.bytes
    }
}

/// Fields one after the other, each with its length before it: eight bytes, the highest first.
private struct CanonicalEncoding {
    private(set) var bytes: [UInt8] = []

    init() {
        self.bytes.reserveCapacity(2_048)
    }

    mutating func append(_ field: [UInt8]) {
        self.append(length: UInt64(field.count))
        self.bytes += field
    }

    mutating func append(_ field: String) {
        self.append(length: UInt64(field.utf8.count))
        self.bytes += field.utf8
    }

    mutating func append(_ field: String?) {
        guard let field else { return self.append(length: .max) }
        self.append(field)
    }

    private mutating func append(length: UInt64) {
        withUnsafeBytes(of: length.bigEndian) { self.bytes += $0 }
    }
}
