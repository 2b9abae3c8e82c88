package import SecretModel

/// Signs requests as the AWS SDKs do: what the command line uses to call the daemon.
package struct RequestSigner: Sendable {
    package let key: AccessKey
    package let region: RegionName
    package let service: String

    package init(key: AccessKey, region: RegionName, service: String = "secretsmanager") {
        self.key = key
        self.region = region
        self.service = service
    }

    /// The headers to add to the request: `X-Amz-Date` and `Authorization`. All headers of `request` are signed; it must have `Host`.
    package func headers(for request: SignableRequest, now: Timestamp) -> [SignableRequest.Header] {
        let date = SignableRequest.Header("X-Amz-Date", now.amzDate)
        var signed = request
        signed.headers.append(date)
        let names = Set(signed.headers.map(\.lowercasedName)).sorted()
        let scope = CredentialScope(day: String(now.amzDate.prefix(8)), region: self.region.description, service: self.service)
        let canonical = CanonicalRequest.text(of: signed, signedHeaders: names, payloadHash: Signature.hash(request.body))
        let key = Signature.key(for: scope, secret: self.key.secret)
        let signature = Signature.bytes(of: canonical, amzDate: now.amzDate, scope: scope, key: key)
        let authorization =
            "\(Signature.algorithm) Credential=\(self.key.id)/\(scope), SignedHeaders=\(names.joined(separator: ";")), "
            + "Signature=\(Signature.hexadecimal(signature))"
        return [date, SignableRequest.Header("Authorization", authorization)]
    }
}
