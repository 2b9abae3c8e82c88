import SecretModel

/// The XML of the query protocol.
enum QueryAnswer {
    private static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

    /// - Parameter output: What the JSON protocol would answer: members become elements, in their order.
    static func success(_ action: String, _ output: JSONValue, requestID: String) -> [UInt8] {
        let result = self.element("\(action)Result", self.content(of: output))
        let metadata = self.element("ResponseMetadata", self.element("RequestId", self.escaped(requestID)))
        return Array("<\(action)Response xmlns=\"\(self.namespace)\">\(result)\(metadata)</\(action)Response>\n".utf8)
    }

    static func failure(_ error: APIError, requestID: String) -> [UInt8] {
        let details =
            self.element("Type", error.status < 500 ? "Sender" : "Receiver") + self.element("Code", self.escaped(error.code))
            + self.element("Message", self.escaped(error.message))
        let body = self.element("Error", details) + self.element("RequestId", self.escaped(requestID))
        return Array("<ErrorResponse xmlns=\"\(self.namespace)\">\(body)</ErrorResponse>\n".utf8)
    }

    private static func content(of value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .number(let text): text
        case .string(let text): self.escaped(text)
        case .array(let elements): elements.map { self.element("member", self.content(of: $0)) }.joined()
        case .object(let members): members.map { self.element($0.name, self.content(of: $0.value)) }.joined()
        }
    }

    private static func element(_ name: String, _ content: String) -> String { "<\(name)>\(content)</\(name)>" }

    /// Markup becomes references. What XML 1.0 cannot hold at all becomes U+FFFD.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\r": result += "&#13;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
