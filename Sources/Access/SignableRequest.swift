/// An HTTP request as it stands on the wire: what a signature covers.
package struct SignableRequest: Sendable {
    package struct Header: Sendable {
        package let name: String
        package let value: String
        /// Names are compared without regard to ASCII case, several times each.
        let lowercasedName: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
            self.lowercasedName = asciiLowercased(name)
        }
    }

    package let method: String
    /// The path as sent, not decoded.
    package let path: String
    /// What follows the question mark, as sent, not decoded; empty without one.
    package let query: String
    /// In the order sent, duplicates kept, `Host` included.
    package var headers: [Header]
    package var body: [UInt8]

    package init(method: String, path: String, query: String = "", headers: [Header], body: [UInt8]) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The values of the headers of this name, whose letters are compared without regard to ASCII case.
    package func values(of lowercasedName: String) -> [String] {
        self.headers.filter { $0.lowercasedName.utf8.elementsEqual(lowercasedName.utf8) }.map(\.value)
    }
}

/// Unlike `lowercased()`, changes the letters A to Z only.
package func asciiLowercased(_ text: String) -> String {
    String(decoding: text.utf8.map(asciiLowercased), as: UTF8.self)
}

func asciiLowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
