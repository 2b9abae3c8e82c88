package import SecretModel

/// Verifies AWS Signature Version 4, from the bytes of the request as sent.
package struct SignatureVerifier: Sendable {
    /// The regions served; `nil` for every well-formed name.
    package let regions: Set<RegionName>?

    package init(regions: Set<RegionName>? = nil) {
        self.regions = regions
    }

    /// - Parameters:
    ///   - claim: What the request claims.
    ///   - service: The service that the request speaks to, and that its credential must be scoped to.
    ///   - now: This server's time; the request's may differ by `SignatureError.tolerance`.
    ///   - credential: The active access key of the claim's id, `nil` if there is none.
    package func verify(
        _ claim: SignatureClaim,
        of request: SignableRequest,
        service: String,
        now: Timestamp,
        credential: AccessCredential?
    ) throws(SignatureError) -> VerifiedCaller {
        let region = try self.checkScope(of: claim, service)
        try self.checkDate(of: claim, now: now)
        guard let credential else { throw .unknownAccessKey }
        try self.checkSession(of: credential, request, now)
        try self.checkSignedHeaders(of: claim, request)
        let payloadHash = Signature.hash(request.body)
        guard request.values(of: "x-amz-content-sha256").allSatisfy({ $0 == payloadHash }) else { throw .payloadHash }
        let canonical = CanonicalRequest.text(of: request, signedHeaders: claim.signedHeaders, payloadHash: payloadHash)
        let key = credential.signingKeys.key(for: claim.scope, secret: credential.secret)
        let expected = Signature.bytes(of: canonical, amzDate: claim.date.amzDate, scope: claim.scope, key: key)
        guard Signature.isSame(expected, as: claim.signature) else { throw .mismatch }
        return VerifiedCaller(
            accessKeyID: credential.accessKeyID,
            principal: credential.principal,
            uniqueID: credential.uniqueID,
            region: region,
            session: credential.temporary?.session
        )
    }

    private func checkScope(of claim: SignatureClaim, _ service: String) throws(SignatureError) -> RegionName {
        guard claim.terminator == CredentialScope.terminator else { throw .scopeTerminator }
        guard claim.scope.service == service else { throw .scopeService(expected: service) }
        guard let region = RegionName(claim.scope.region), self.regions?.contains(region) ?? true else { throw .scopeRegion }
        let day = String(claim.date.amzDate.prefix(8))
        guard claim.scope.day == day else { throw .scopeDate(scope: claim.scope.day, request: day) }
        return region
    }

    private func checkDate(of claim: SignatureClaim, now: Timestamp) throws(SignatureError) {
        if claim.date < now - SignatureError.tolerance { throw .expired(sent: claim.date, now: now) }
        if claim.date > now + SignatureError.tolerance { throw .notYetCurrent(sent: claim.date, now: now) }
    }

    /// A temporary key works with its token only, a long-lived one with none.
    private func checkSession(of credential: AccessCredential, _ request: SignableRequest, _ now: Timestamp) throws(SignatureError) {
        let tokens = request.values(of: "x-amz-security-token")
        guard let temporary = credential.temporary else {
            guard tokens.isEmpty else { throw .unknownAccessKey }
            return
        }
        guard tokens.count == 1, temporary.token.isSame(as: SecretValue(string: tokens[0])) else { throw .unknownAccessKey }
        guard now < temporary.session.expiresAt else { throw .expiredToken }
    }

    /// An unsigned `x-amz-` header could be added or changed under way, above all the target.
    private func checkSignedHeaders(of claim: SignatureClaim, _ request: SignableRequest) throws(SignatureError) {
        let signed = Set(claim.signedHeaders)
        guard signed.contains("host") else { throw .unsignedHeader("Host") }
        let present = request.headers.map(\.lowercasedName)
        for name in present where name.utf8.starts(with: "x-amz-".utf8) && !signed.contains(name) { throw .unsignedHeader(name) }
        guard signed.contains("x-amz-date") || signed.contains("date") else { throw .unsignedHeader("X-Amz-Date") }
        guard signed.isSubset(of: present) else { throw .mismatch }
    }
}
