/// Why a text is not JSON (RFC 8259), and where.
package struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    /// Offset of the offending byte.
    package let offset: Int
    package let reason: String

    package var description: String { "invalid JSON at byte \(self.offset): \(self.reason)" }
}

extension JSONValue {
    /// Parses one JSON document. Strict: UTF-8 only, nothing after it, no more than 128 levels deep.
    package init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(checked: Array(text.utf8))
    }

    package init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONSyntaxError(offset: 0, reason: "not UTF-8")
        }
        try self.init(checked: bytes)
    }

    /// - Parameter bytes: UTF-8.
    private init(checked bytes: [UInt8]) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var offset = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        let value = try self.value(depth: 0)
        self.skipBlanks()
        guard self.offset == self.bytes.count else { throw self.error("something follows the document") }
        return value
    }

    private func error(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(offset: self.offset, reason: reason) }

    private var next: UInt8? { self.offset < self.bytes.count ? self.bytes[self.offset] : nil }

    private mutating func skipBlanks() {
        while let byte = self.next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { self.offset += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < 128 else { throw self.error("nested too deeply") }
        self.skipBlanks()
        switch self.next {
        case UInt8(ascii: "{"): return try self.object(depth: depth)
        case UInt8(ascii: "["): return try self.array(depth: depth)
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "t"): return try self.word("true", .bool(true))
        case UInt8(ascii: "f"): return try self.word("false", .bool(false))
        case UInt8(ascii: "n"): return try self.word("null", .null)
        case nil: throw self.error("unexpected end")
        default: return try self.number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        guard self.bytes[self.offset...].starts(with: word.utf8) else { throw self.error("unexpected character") }
        self.offset += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        self.offset += 1
        var members: [JSONValue.Member] = []
        self.skipBlanks()
        if self.take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            self.skipBlanks()
            guard self.next == UInt8(ascii: "\"") else { throw self.error("expected a member name") }
            let name = try self.string()
            self.skipBlanks()
            guard self.take(UInt8(ascii: ":")) else { throw self.error("expected ':'") }
            members.append(JSONValue.Member(name, try self.value(depth: depth + 1)))
            self.skipBlanks()
            if self.take(UInt8(ascii: "}")) { return .object(members) }
            guard self.take(UInt8(ascii: ",")) else { throw self.error("expected ',' or '}'") }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        self.offset += 1
        var elements: [JSONValue] = []
        self.skipBlanks()
        if self.take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try self.value(depth: depth + 1))
            self.skipBlanks()
            if self.take(UInt8(ascii: "]")) { return .array(elements) }
            guard self.take(UInt8(ascii: ",")) else { throw self.error("expected ',' or ']'") }
        }
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = self.offset
        _ = self.take(UInt8(ascii: "-"))
        if !self.take(UInt8(ascii: "0")) { guard self.digits() else { throw self.error("unexpected character") } }
        if self.take(UInt8(ascii: ".")) { guard self.digits() else { throw self.error("expected a digit") } }
        if self.take(UInt8(ascii: "e")) || self.take(UInt8(ascii: "E")) {
            if !self.take(UInt8(ascii: "+")) { _ = self.take(UInt8(ascii: "-")) }
            guard self.digits() else { throw self.error("expected a digit") }
        }
        return .number(String(decoding: self.bytes[start..<self.offset], as: UTF8.self))
    }

    private mutating func digits() -> Bool {
        let start = self.offset
        while let byte = self.next, byte >= 48, byte <= 57 { self.offset += 1 }
        return self.offset > start
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        self.offset += 1
        let start = self.offset
        while let byte = self.next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { self.offset += 1 }
        // Most strings end here: nothing in them to be unescaped.
        var output = self.bytes[start..<self.offset]
        while let byte = self.next {
            self.offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: output, as: UTF8.self)
            case UInt8(ascii: "\\"): try self.escape(into: &output)
            case 0..<0x20: throw self.error("control character in a string")
            default: output.append(byte)
            }
        }
        throw self.error("unterminated string")
    }

    private mutating func escape(into output: inout ArraySlice<UInt8>) throws(JSONSyntaxError) {
        guard let byte = self.next else { throw self.error("unterminated string") }
        self.offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0c)
        case UInt8(ascii: "n"): output.append(0x0a)
        case UInt8(ascii: "r"): output.append(0x0d)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = UInt32(try self.hexadecimal())
            if (0xd800..<0xdc00).contains(scalar) {
                guard self.take(UInt8(ascii: "\\")), self.take(UInt8(ascii: "u")) else { throw self.error("lone surrogate") }
                let low = UInt32(try self.hexadecimal())
                guard (0xdc00..<0xe000).contains(low) else { throw self.error("lone surrogate") }
                scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let unicode = Unicode.Scalar(scalar) else { throw self.error("lone surrogate") }
            output.append(contentsOf: String(Character(unicode)).utf8)
        default: throw self.error("unknown escape")
        }
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt16 {
        guard self.offset + 4 <= self.bytes.count else { throw self.error("unterminated escape") }
        var value: UInt16 = 0
        for byte in self.bytes[self.offset..<self.offset + 4] {
            switch byte {
            case 48...57: value = value << 4 | UInt16(byte - 48)
            case 65...70: value = value << 4 | UInt16(byte - 55)
            case 97...102: value = value << 4 | UInt16(byte - 87)
            default: throw self.error("expected four hexadecimal digits")
            }
        }
        self.offset += 4
        return value
    }
}
