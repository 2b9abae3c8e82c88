/// Stage 1 of SigV4: the one form of a request that both sides hash
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>).
enum CanonicalRequest {
    /// - Parameter signedHeaders: Lower-case names, in the order of the `SignedHeaders` parameter.
    static func text(of request: SignableRequest, signedHeaders: [String], payloadHash: String) -> String {
        let headers = signedHeaders.map { name in
            "\(name):\(request.values(of: name).map(Self.trimmed).joined(separator: ","))\n"
        }
        return [
            request.method,
            Self.path(request.path),
            Self.query(request.query),
            headers.joined(),
            signedHeaders.joined(separator: ";"),
            payloadHash,
        ].joined(separator: "\n")
    }

    /// Removes dot segments and doubled slashes, then encodes once more: every service but S3 signs the path doubly encoded.
    static func path(_ raw: String) -> String {
        var segments: [Substring.UTF8View] = []
        for segment in Substring(raw).utf8.split(separator: UInt8(ascii: "/")) {
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else if !segment.elementsEqual(".".utf8) {
                segments.append(segment)
            }
        }
        let trailing = raw.utf8.last == UInt8(ascii: "/") && !segments.isEmpty ? "/" : ""
        return "/" + segments.map { encoded($0) }.joined(separator: "/") + trailing
    }

    /// Parameters decoded, encoded in the one way of SigV4, and sorted by name, then value.
    static func query(_ raw: String) -> String {
        let pairs = raw.utf8.split(separator: UInt8(ascii: "&")).map { pair -> (name: String, value: String) in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (encoded(decoded(parts[0])), parts.count == 2 ? encoded(decoded(parts[1])) : "")
        }
        return pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    /// Blanks at both ends removed, runs of blanks within made one.
    static func trimmed(_ value: String) -> String {
        value.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: " ")
    }

    private static func encoded(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                result.append(byte)
            default:
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A percent sign that two hexadecimal digits do not follow stands for itself.
    private static func decoded(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = hexadecimalValue(bytes[index + 1]), let low = hexadecimalValue(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
