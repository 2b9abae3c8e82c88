package import AWSAPI
package import Access
import Auditing
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
package import SecretModel

/// What stands before the API: health, limits, and the verification of signatures. No header and no body is ever logged (I8).
package struct FrontDoor: Sendable {
    /// - Parameter token: The session token that came with it; `nil` without one.
    /// - Returns: The active access key of this id, opened; `nil` if there is none.
    package typealias CredentialLookup = @Sendable (_ id: String, _ token: String?) async throws -> AccessCredential?
    /// - Returns: Why the daemon cannot serve now; `nil` if it can.
    package typealias ReadinessCheck = @Sendable () async -> String?

    let router: APIRouter
    let verifier: SignatureVerifier
    let credential: CredentialLookup
    let unreadiness: ReadinessCheck
    let now: @Sendable () -> Timestamp
    let logger: Logger
    let bodyDeadline: Duration
    /// Whether requests come over TLS.
    let isSecure: Bool

    package init(
        router: APIRouter,
        verifier: SignatureVerifier,
        credential: @escaping CredentialLookup,
        unreadiness: @escaping ReadinessCheck,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger,
        isSecure: Bool = true,
        bodyDeadline: Duration = ServingSettings.bodyDeadline
    ) {
        self.router = router
        self.verifier = verifier
        self.credential = credential
        self.unreadiness = unreadiness
        self.now = now
        self.logger = logger
        self.isSecure = isSecure
        self.bodyDeadline = bodyDeadline
    }

    /// - Parameter connection: It is closed after the answer if the request was not read to its end.
    func respond(to request: Request, by connection: ConnectionContext) async -> Response {
        switch (request.method, request.uri.path) {
        case (.get, "/livez"), (.head, "/livez"): .text("ok\n")
        case (.get, "/readyz"), (.head, "/readyz"): await self.readiness()
        default: await self.call(request, by: connection)
        }
    }

    private func readiness() async -> Response {
        guard let reason = await self.unreadiness() else { return .text("ok\n") }
        return .text("not ready: \(reason)\n", status: .serviceUnavailable)
    }

    private func call(_ request: Request, by connection: ConnectionContext) async -> Response {
        var generator = SystemRandomNumberGenerator()
        let requestID = VersionID(using: &generator).description
        var isLast = false
        let answer: APIResponse
        do throws(BodyError) {
            answer = try await self.answer(to: request, from: connection.clientAddress, requestID: requestID)
        } catch {
            answer = APIResponse(APIError(error, deadline: self.bodyDeadline))
            isLast = true
            connection.channel.triggerUserOutboundEvent(ConnectionDeadlines.LastResponse(), promise: nil)
        }
        self.logger.debug(
            "request",
            metadata: ["request": "\(requestID)", "status": "\(answer.status)", "error": "\(answer.errorType ?? "-")"]
        )
        return Response(answer, requestID: requestID, isLast: isLast)
    }

    private func answer(to request: Request, from address: String, requestID: String) async throws(BodyError) -> APIResponse {
        var signable = SignableRequest(request)
        let claim = Result { () throws(SignatureError) in try SignatureClaim(signable) }
        let known = await self.credential(of: claim, signable.values(of: "x-amz-security-token").first, requestID)
        // Nobody without an access key can make the daemon hold a megabyte.
        signable.body = try await self.body(of: request, isKept: known.isFound)
        do throws(APIError) {
            return try await self.answer(to: signable, from: address, claim, known.get(), requestID)
        } catch {
            return signable.isForm ? APIResponse(query: error, requestID: requestID) : APIResponse(error)
        }
    }

    private func answer(
        to signable: SignableRequest,
        from address: String,
        _ claim: Result<SignatureClaim, SignatureError>,
        _ credential: AccessCredential?,
        _ requestID: String
    ) async throws(APIError) -> APIResponse {
        let now = self.now()
        let query = signable.isForm ? QueryCall(signable.body) : nil
        let target = query?.target ?? signable.target
        let service = signable.isForm ? APIService.sts : APIService(target: target)
        let caller: VerifiedCaller
        do throws(SignatureError) {
            caller = try self.verifier.verify(claim.get(), of: signable, service: service.rawValue, now: now, credential: credential)
        } catch {
            throw APIError(code: error.code, message: error.message)
        }
        guard let target else { throw APIError(.unknownOperation, "The X-Amz-Target header is missing, or there are several.") }
        let form = query.map { APIRequest.Form.query($0) } ?? .json(signable.body)
        return await self.router.respond(
            to: APIRequest(
                target: target,
                form: form,
                caller: caller,
                client: RequestClient(address: address, userAgent: signable.userAgent),
                isSecure: self.isSecure,
                requestID: requestID,
                now: now
            )
        )
    }

    private func credential(
        of claim: Result<SignatureClaim, SignatureError>,
        _ token: String?,
        _ requestID: String
    ) async -> Result<AccessCredential?, APIError> {
        guard case .success(let claim) = claim else { return .success(nil) }
        do {
            return .success(try await self.credential(claim.accessKeyID, token))
        } catch {
            self.logger.error("access key not readable", metadata: ["request": "\(requestID)", "cause": "\(error)"])
            return .failure(APIError(internal: "access key not readable"))
        }
    }
}

extension Result where Success == AccessCredential?, Failure == APIError {
    fileprivate var isFound: Bool {
        guard case .success(.some) = self else { return false }
        return true
    }
}
