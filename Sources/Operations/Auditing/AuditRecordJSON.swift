import AWSAPI
import SecretModel
import Storage

extension JSONValue {
    /// A record with its place in the chain; the hashes in hexadecimal.
    static func auditRecord(_ record: AuditRecord) -> JSONValue {
        .output(
            ("Sequence", .integer(record.sequence)),
            ("Time", .date(record.event.at)),
            ("Microseconds", .integer(record.event.at.microseconds)),
            ("Event", .string(record.event.name)),
            ("Source", .string(record.event.source)),
            ("ReadOnly", .bool(record.event.isReadOnly)),
            ("Username", record.event.userName.map(JSONValue.string)),
            ("Resource", record.event.resource.map(JSONValue.string)),
            ("ErrorCode", record.event.errorCode.map(JSONValue.string)),
            ("PreviousHash", .string(record.previousHash.hexadecimal)),
            ("Hash", .string(record.hash.hexadecimal)),
            ("CloudTrailEvent", .string(record.event.text))
        )
    }
}

extension [UInt8] {
    var hexadecimal: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        return String(decoding: self.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// - Returns: `nil` unless the text is whole bytes in hexadecimal.
    init?(hexadecimal text: String) {
        let digits = text.utf8.map { UInt8(exactly: Character(UnicodeScalar($0)).hexDigitValue ?? 16) ?? 16 }
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 < 16 }) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
