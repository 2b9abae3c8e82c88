package import SecretModel

extension Timestamp {
    /// Parses the form of `X-Amz-Date`, `20261121T010203Z`, and nothing else: no offset, no 30 February, no second 60, nothing trailing.
    package init?(amzDate text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func piece(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        self.init(
            rfc3339: "\(piece(0..<4))-\(piece(4..<6))-\(piece(6..<8))T\(piece(9..<11)):\(piece(11..<13)):\(piece(13..<15))Z"
        )
    }

    /// Parses the one form of an HTTP `Date` that may be generated (RFC 9110 §5.6.7): `Sat, 21 Nov 2026 01:02:03 GMT`.
    package init?(httpDate text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard text.utf8.count == 29, parts.count == 6, parts[0].utf8.count == 4, parts[0].utf8.last == UInt8(ascii: ","),
            let month = httpMonths.firstIndex(of: parts[2]), parts[1].utf8.count == 2, parts[3].utf8.count == 4,
            parts[4].utf8.count == 8, parts[5] == "GMT"
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        guard let date = Timestamp(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z"),
            httpWeekdays[date.civilDate.weekday - 1] == parts[0].dropLast()
        else { return nil }
        self = date
    }

    /// The form of an HTTP `Date`.
    package var httpDate: String {
        let date = self.civilDate
        let time = self.rfc3339.dropFirst(11).dropLast()
        let day = date.day < 10 ? "0\(date.day)" : "\(date.day)"
        return "\(httpWeekdays[date.weekday - 1]), \(day) \(httpMonths[date.month - 1]) \(date.year) \(time) GMT"
    }
}

private let httpWeekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
private let httpMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
