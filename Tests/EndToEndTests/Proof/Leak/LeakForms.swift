import Foundation

/// The ways in which a value can stand in a file, a log or an answer without being the value itself.
struct LeakForms {
    private let forms: [(name: String, bytes: Data)]

    init(_ value: String) {
        let bytes = Data(value.utf8)
        var forms: [(String, Data)] = [
            ("as it is", bytes),
            ("in hex", Data(value.utf8.map { String(format: "%02x", $0) }.joined().utf8)),
            ("in upper-case hex", Data(value.utf8.map { String(format: "%02X", $0) }.joined().utf8)),
            ("URL-encoded", Data((value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? value).utf8)),
            ("JSON-escaped", Data(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("/", with: "\\/").utf8)),
            ("in UTF-16, little end first", Data(value.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })),
            ("in UTF-16, big end first", Data(value.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] })),
        ]
        // Inside a longer text base64 depends on where the value begins: three ways, without the ends that its neighbours share.
        for offset in 0..<3 {
            let padded = (Data(repeating: 0, count: offset) + bytes).base64EncodedString()
            let own = padded.dropFirst(offset == 0 ? 0 : 4).dropLast(4)
            forms.append(("in base64", Data(own.utf8)))
            forms.append(("in base64 for URLs", Data(own.replacing("+", with: "-").replacing("/", with: "_").utf8)))
        }
        self.forms = forms.map { (name: $0.0, bytes: $0.1) }
    }

    /// - Returns: How the value stands in there; `nil` if it does not.
    func find(in haystack: Data) -> String? {
        self.forms.first { haystack.range(of: $0.bytes) != nil }?.name
    }
}
