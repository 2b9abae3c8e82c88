import FoundationEssentials
import SecretModel

/// Takes known values out of what a script wrote, before it is stored or shown (I8, `rotator-protocol.md` §6).
///
/// Known are the whole values that the step was given or made, and the strings in their JSON, each as it is, as JSON, URL-, base64- and
/// hex-encoded. Strings of fewer than six characters, and members that say where the credential lives (`host`, `username` and the like),
/// are left: a message without them helps nobody.
struct ScriptRedactor: Sendable {
    private struct Needle: Sendable {
        let bytes: [UInt8]
        let label: [UInt8]
    }

    private static let least = 6

    /// Members of AWS's database secrets that are no secrets.
    private static let open: Set<String> = [
        "engine", "host", "port", "username", "user", "dbname", "masterarn", "ssl", "dbInstanceIdentifier", "dbClusterIdentifier",
    ]

    /// By first byte, longest first.
    private let needles: [UInt8: [Needle]]

    /// - Parameter values: Each value with its name, such as `pending`.
    init(_ values: [(name: String, value: SecretValue)]) {
        var needles: [[UInt8]: Needle] = [:]
        func add(_ bytes: [UInt8], _ label: String) {
            for form in ScriptRedactor.forms(of: bytes) where form.count >= ScriptRedactor.least && needles[form] == nil {
                needles[form] = Needle(bytes: form, label: Array("«redacted:\(label)»".utf8))
            }
        }
        for (name, value) in values {
            let bytes = value.bytes
            for leaf in ScriptRedactor.leaves(of: bytes, path: name) { add(leaf.bytes, leaf.path) }
            add(bytes, name)
        }
        self.needles = Dictionary(grouping: needles.values) { $0.bytes[0] }
            .mapValues { $0.sorted { $0.bytes.count > $1.bytes.count } }
    }

    /// The text with every known value replaced by `«redacted:pending.password»`.
    func redact(_ text: String) -> String {
        String(decoding: self.redact(Array(text.utf8)), as: UTF8.self)
    }

    func redact(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            if let hit = self.needles[bytes[offset]]?.first(where: { bytes[offset...].starts(with: $0.bytes) }) {
                output += hit.label
                offset += hit.bytes.count
            } else {
                output.append(bytes[offset])
                offset += 1
            }
        }
        return output
    }

    /// The bytes without an ending that may be the start of a value, for text that was cut off.
    func withoutPartialEnding(_ bytes: [UInt8]) -> [UInt8] {
        let longest = self.allNeedles.map { self.overlap(of: $0, atEndOf: bytes) }.max() ?? 0
        return Array(bytes.dropLast(longest))
    }

    /// The bytes without a beginning that may be the end of a value.
    func withoutPartialBeginning(_ bytes: [UInt8]) -> [UInt8] {
        let reversed = Array(bytes.reversed())
        let longest = self.allNeedles.map { self.overlap(of: Array($0.reversed()), atEndOf: reversed) }.max() ?? 0
        return Array(bytes.dropFirst(longest))
    }

    private var allNeedles: [[UInt8]] { self.needles.values.flatMap { $0.map(\.bytes) } }

    /// How many bytes at the end of `bytes` are a proper beginning of `needle`.
    private func overlap(of needle: [UInt8], atEndOf bytes: [UInt8]) -> Int {
        var length = min(needle.count - 1, bytes.count, 1_024)
        while length > 0 {
            if bytes.suffix(length).elementsEqual(needle.prefix(length)) { return length }
            length -= 1
        }
        return 0
    }

    private static func leaves(of value: [UInt8], path: String) -> [(path: String, bytes: [UInt8])] {
        do {
            return self.leaves(of: try JSONValue(parsing: value), path: path)
        } catch {
            // A value need not be JSON: then it is known as a whole only.
            return []
        }
    }

    private static func leaves(of json: JSONValue, path: String) -> [(path: String, bytes: [UInt8])] {
        switch json {
        case .string(let text): [(path, Array(text.utf8))]
        case .number(let text): [(path, Array(text.utf8))]
        case .array(let elements): elements.flatMap { self.leaves(of: $0, path: path) }
        case .object(let members):
            members.flatMap { member in
                self.open.contains(member.name) ? [] : self.leaves(of: member.value, path: "\(path).\(member.name)")
            }
        case .null, .bool: []
        }
    }

    /// The value in every encoding that it may be met in.
    private static func forms(of bytes: [UInt8]) -> [[UInt8]] {
        let hex = bytes.flatMap { self.hexadecimal($0, "0123456789abcdef") }
        let upperHex = bytes.flatMap { self.hexadecimal($0, "0123456789ABCDEF") }
        let json = Array(JSONValue.string(String(decoding: bytes, as: UTF8.self)).bytes.dropFirst().dropLast())
        let base64 = (0..<3).flatMap { self.base64(bytes, shift: $0) }
        return [bytes, json, self.urlEncoded(bytes, "0123456789ABCDEF"), self.urlEncoded(bytes, "0123456789abcdef"), hex, upperHex] + base64
    }

    private static func hexadecimal(_ byte: UInt8, _ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func urlEncoded(_ bytes: [UInt8], _ digits: String) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._~".utf8.contains(byte)
            return isPlain ? [byte] : [UInt8(ascii: "%")] + self.hexadecimal(byte, digits)
        }
    }

    /// What of the value's base64 does not depend on its neighbours, when `shift` bytes stand before it in its group of three; in the
    /// standard and in the URL alphabet.
    private static func base64(_ bytes: [UInt8], shift: Int) -> [[UInt8]] {
        let encoded = Array(Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedString().utf8)
        let first = (shift * 8 + 5) / 6
        let last = (shift + bytes.count) * 8 / 6
        guard first < last else { return [] }
        let standard = Array(encoded[first..<last])
        let url = standard.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
        return [standard, url]
    }
}
