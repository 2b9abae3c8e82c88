import RotationModel
import SecretModel

/// What a column holds. Times are integers in microseconds, truth values are 0 and 1, documents are JSON text.
enum SQLValue: Hashable, Sendable {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case null
}

/// A value that a column can hold.
protocol SQLConvertible {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLConvertible {
    var sqlValue: SQLValue { self }
}

extension Int64: SQLConvertible {
    var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLConvertible {
    var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Bool: SQLConvertible {
    var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension String: SQLConvertible {
    var sqlValue: SQLValue { .text(self) }
}

extension [UInt8]: SQLConvertible {
    var sqlValue: SQLValue { .blob(self) }
}

extension Timestamp: SQLConvertible {
    var sqlValue: SQLValue { .integer(self.microseconds) }
}

extension SecretARN: SQLConvertible {
    var sqlValue: SQLValue { .text(self.description) }
}

extension VersionID: SQLConvertible {
    var sqlValue: SQLValue { .text(self.description) }
}

extension JSONValue: SQLConvertible {
    var sqlValue: SQLValue { .text(self.text) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
