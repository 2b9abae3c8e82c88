import SecretModel

/// What the `Authorization` header of a request claims, not yet verified.
package struct SignatureClaim: Sendable {
    /// The key to look up before the signature can be verified.
    package let accessKeyID: String
    let scope: CredentialScope
    let terminator: String
    let signedHeaders: [String]
    let signature: [UInt8]
    let date: Timestamp

    /// - Throws: `SignatureError` if there is no `Authorization` header, or parts of it or the date are missing or malformed, or the request
    ///   is signed in a form that this service does not take: in the query, or piece by piece.
    package init(_ request: SignableRequest) throws(SignatureError) {
        try Self.checkForm(of: request)
        let headers = request.values(of: "authorization")
        guard let header = headers.first else { throw .noAuthorization }
        guard headers.count == 1, header.utf8.starts(with: "\(Signature.algorithm) ".utf8) else { throw .incomplete([.algorithm]) }
        let parameters = Self.parameters(header.utf8.dropFirst(Signature.algorithm.utf8.count))
        let credential = parameters["Credential"]
        let names = parameters["SignedHeaders"]
        let signature = parameters["Signature"]
        let sent = try Self.date(of: request)
        guard let credential, let names, let signature, let sent else {
            throw .incomplete(
                [
                    credential == nil ? .credential : nil, signature == nil ? .signature : nil,
                    names == nil ? .signedHeaders : nil, sent == nil ? .date : nil,
                ].compactMap { $0 }
            )
        }
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts.allSatisfy({ !$0.isEmpty }) else { throw .malformedCredential }
        self.accessKeyID = parts[0]
        self.scope = CredentialScope(day: parts[1], region: parts[2], service: parts[3])
        self.terminator = parts[4]
        self.signedHeaders = names.split(separator: ";").map(String.init)
        self.signature = Self.bytes(ofHexadecimal: signature)
        self.date = sent
    }

    private static func checkForm(of request: SignableRequest) throws(SignatureError) {
        let parameters = request.query.utf8.split(separator: UInt8(ascii: "&")).map { parameter in
            asciiLowercased(String(decoding: parameter.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self))
        }
        guard !parameters.contains("x-amz-signature"), !parameters.contains("x-amz-algorithm") else { throw .presigned }
        let payload = request.values(of: "x-amz-content-sha256").map(CanonicalRequest.trimmed)
        if let form = payload.first(where: { $0.utf8.starts(with: "STREAMING-".utf8) }) { throw .streamedPayload(form) }
        guard !request.values(of: "content-encoding").contains(where: { asciiLowercased($0).contains("aws-chunked") }) else {
            throw .streamedPayload("aws-chunked")
        }
    }

    /// `Name=value` pairs, separated by commas with or without blanks: Perl's signer writes none.
    private static func parameters(_ text: some Collection<UInt8>) -> [String: String] {
        var result: [String: String] = [:]
        for pair in text.split(separator: UInt8(ascii: ",")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard parts.count == 2 else { continue }
            let (name, value) = (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
            result[CanonicalRequest.trimmed(name)] = CanonicalRequest.trimmed(value)
        }
        return result
    }

    /// `X-Amz-Date`, else `Date`; `nil` if the request has neither.
    private static func date(of request: SignableRequest) throws(SignatureError) -> Timestamp? {
        if let text = try Self.single("x-amz-date", of: request) {
            guard let date = Timestamp(amzDate: text) else { throw .invalidDate("X-Amz-Date") }
            return date
        }
        if let text = try Self.single("date", of: request) {
            guard let date = Timestamp(httpDate: text) ?? Timestamp(amzDate: text) else { throw .invalidDate("Date") }
            return date
        }
        return nil
    }

    private static func single(_ name: String, of request: SignableRequest) throws(SignatureError) -> String? {
        let values = request.values(of: name)
        guard values.count <= 1 else { throw .invalidDate(name) }
        return values.first.map(CanonicalRequest.trimmed)
    }

    /// - Returns: An empty array, which no signature equals, for anything but lower-case hexadecimal.
    private static func bytes(ofHexadecimal text: String) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        let values = text.utf8.compactMap { digits.firstIndex(of: $0) }
        guard values.count == text.utf8.count, values.count.isMultiple(of: 2) else { return [] }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
