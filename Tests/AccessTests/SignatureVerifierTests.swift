import Access
import SecretModel
import Testing

@Suite struct SignatureVerifierTests {
    static let signedAt = Timestamp(rfc3339: "2026-11-21T12:00:00Z")
    static let credential = AccessCredential(
        accessKeyID: BotocoreVector.accessKeyID,
        secret: SecretValue(string: BotocoreVector.secret),
        principal: .user(.initial, name: "ops"),
        uniqueID: "AIDAEXAMPLE"
    )

    private func verify(
        _ request: SignableRequest,
        at now: Timestamp? = signedAt,
        credential: AccessCredential? = credential,
        verifier: SignatureVerifier = SignatureVerifier(),
        service: String = "secretsmanager"
    ) throws -> VerifiedCaller {
        let claim = try SignatureClaim(request)
        #expect(claim.accessKeyID == BotocoreVector.accessKeyID)
        return try verifier.verify(claim, of: request, service: service, now: #require(now), credential: credential)
    }

    private var request: SignableRequest { BotocoreVector.all[0].request }

    @Test(arguments: BotocoreVector.all)
    func `requests that botocore signed are accepted`(_ vector: BotocoreVector) throws {
        let caller = try self.verify(vector.request)
        #expect(caller.principalARN == "arn:aws:iam::000000000000:user/ops")
        #expect(caller.region.description == "eu-central-1")
        #expect(caller.session == nil)
    }

    @Test(arguments: BotocoreVector.all)
    func `any change of the request is refused`(_ vector: BotocoreVector) throws {
        let original = vector.request
        func changed(method: String? = nil, path: String? = nil, query: String? = nil, body: [UInt8]? = nil) -> SignableRequest {
            SignableRequest(
                method: method ?? original.method,
                path: path ?? original.path,
                query: query ?? original.query,
                headers: original.headers,
                body: body ?? original.body
            )
        }
        var all = [
            changed(method: "PUT"), changed(path: original.path + "x"), changed(query: original.query + "&x=1"),
            changed(body: original.body + [32]),
        ]
        for (index, header) in original.headers.enumerated() where header.name != "Authorization" {
            var request = original
            request.headers[index] = .init(header.name, header.value + "0")
            all.append(request)
            request.headers.remove(at: index)
            all.append(request)
            request.headers.insert(contentsOf: [header, header], at: index)
            all.append(request)
        }
        for request in all {
            #expect(throws: SignatureError.self) { try self.verify(request) }
        }
    }

    @Test func `another secret is refused with the text of AWS`() throws {
        let other = AccessCredential(
            accessKeyID: BotocoreVector.accessKeyID,
            secret: SecretValue(string: BotocoreVector.secret + "x"),
            principal: .user(.initial, name: "ops"),
            uniqueID: "AIDAEXAMPLE"
        )
        let error = try #require(throws: SignatureError.self) { try self.verify(self.request, credential: other) }
        #expect(error.code == "InvalidSignatureException")
        #expect(error.message.hasPrefix("The request signature we calculated does not match the signature you provided. Check your AWS"))
    }

    @Test func `an unknown access key and a foreign session token are refused alike`() throws {
        let unknown = try #require(throws: SignatureError.self) { try self.verify(self.request, credential: nil) }
        var request = self.request
        request.headers.append(.init("X-Amz-Security-Token", "token"))
        let token = try #require(throws: SignatureError.self) { try self.verify(request) }
        #expect(unknown == token)
        #expect(unknown.code == "UnrecognizedClientException")
        #expect(unknown.message == "The security token included in the request is invalid.")
    }

    @Test(arguments: [(-300, true), (300, true), (-301, false), (301, false)])
    func `the clocks may differ by five minutes`(_ seconds: Int64, _ isAccepted: Bool) throws {
        let now = try #require(Self.signedAt) + .seconds(seconds)
        let caller = try? self.verify(self.request, at: now)
        #expect((caller != nil) == isAccepted)
    }

    @Test func `the texts about clocks are those of AWS`() throws {
        let sent = try #require(Self.signedAt)
        #expect(
            SignatureError.expired(sent: sent, now: sent + .minutes(6)).message
                == "Signature expired: 20261121T120000Z is now earlier than 20261121T120100Z (20261121T120600Z - 5 min.)"
        )
        #expect(
            SignatureError.notYetCurrent(sent: sent, now: sent - .minutes(6)).message
                == "Signature not yet current: 20261121T120000Z is still later than 20261121T115900Z (20261121T115400Z + 5 min.)"
        )
    }

    @Test func `the scope must name this service, a served region and the day`() throws {
        #expect(throws: SignatureError.scopeService(expected: "sts")) {
            try self.verify(self.request, service: "sts")
        }
        #expect(throws: SignatureError.scopeRegion) {
            try self.verify(self.request, verifier: SignatureVerifier(regions: []))
        }
        let otherDay = self.authorization { $0.replacing("/20261121/", with: "/20261120/") }
        #expect(throws: SignatureError.scopeDate(scope: "20261120", request: "20261121")) { try self.verify(otherDay) }
    }

    @Test func `x-amz headers that the signature does not cover are refused`() throws {
        var request = self.request
        request.headers.append(.init("x-amz-extra", "1"))
        #expect(throws: SignatureError.unsignedHeader("x-amz-extra")) { try self.verify(request) }
        request.headers[request.headers.count - 1] = .init("amz-sdk-request", "attempt=1")
        _ = try self.verify(request)
    }

    @Test(arguments: ["X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00", "a=1&x-amz-signature=00"])
    func `requests that are signed in the query are refused`(_ query: String) throws {
        let original = self.request
        let request = SignableRequest(method: "POST", path: "/", query: query, headers: original.headers, body: original.body)
        let error = try #require(throws: SignatureError.self) { try self.verify(request) }
        #expect(error.code == "IncompleteSignatureException")
        #expect(error == .presigned)
    }

    @Test func `payloads in signed pieces are refused`() throws {
        var request = self.request
        request.headers.append(.init("X-Amz-Content-SHA256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"))
        #expect(throws: SignatureError.streamedPayload("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) { try self.verify(request) }
        request.headers[request.headers.count - 1] = .init("Content-Encoding", "AWS-Chunked,gzip")
        #expect(throws: SignatureError.streamedPayload("aws-chunked")) { try self.verify(request) }
    }

    @Test func `what is missing is named`() throws {
        var request = self.request
        request.headers.removeAll { $0.name == "Authorization" }
        let none = try #require(throws: SignatureError.self) { try self.verify(request) }
        #expect(none.code == "MissingAuthenticationTokenException")
        #expect(none.message == "Missing Authentication Token")

        request.headers.append(.init("Authorization", "Bearer abc"))
        #expect(throws: SignatureError.incomplete([.algorithm])) { try self.verify(request) }
        request.headers[request.headers.count - 1] = .init("Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e")
        #expect(throws: SignatureError.incomplete([.signature, .signedHeaders])) { try self.verify(request) }
    }

    @Test func `parameters need no blanks between them`() throws {
        _ = try self.verify(self.authorization { $0.replacing(", ", with: ",") })
    }

    private func authorization(_ change: (String) -> String) -> SignableRequest {
        var request = self.request
        for (index, header) in request.headers.enumerated() where header.name == "Authorization" {
            request.headers[index] = .init(header.name, change(header.value))
        }
        return request
    }
}
