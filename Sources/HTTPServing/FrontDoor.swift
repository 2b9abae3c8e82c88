package import AWSAPI
package import Access
import Auditing
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOConcurrencyHelpers
import NIOCore
package import SecretModel

/// What stands before the API: health, limits, and the verification of signatures. No header and no body is ever logged (I8).
package struct FrontDoor: Sendable {
    /// - Returns: The active access key of this id, opened; `nil` if there is none.
    package typealias CredentialLookup = @Sendable (String) async throws -> AccessCredential?
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

    /// - Parameter address: The client's IP address.
    func respond(to request: Request, from address: String) async -> Response {
        switch (request.method, request.uri.path) {
        case (.get, "/livez"), (.head, "/livez"): .text("ok\n")
        case (.get, "/readyz"), (.head, "/readyz"): await self.readiness()
        default: await self.call(request, from: address)
        }
    }

    private func readiness() async -> Response {
        guard let reason = await self.unreadiness() else { return .text("ok\n") }
        return .text("not ready: \(reason)\n", status: .serviceUnavailable)
    }

    private func call(_ request: Request, from address: String) async -> Response {
        var generator = SystemRandomNumberGenerator()
        let requestID = VersionID(using: &generator).description
        let answer = await self.answer(to: request, from: address, requestID: requestID)
        self.logger.debug(
            "request",
            metadata: ["request": "\(requestID)", "status": "\(answer.status)", "error": "\(answer.errorType ?? "-")"]
        )
        return Response(answer, requestID: requestID)
    }

    /// Reads the body, for as long as it may take. After a refusal the connection is closed: what it still holds is not read.
    private func body(of request: Request) async throws(APIError) -> [UInt8] {
        let isLate = NIOLockedValueBox(false)
        do {
            return try await withThrowingTaskGroup(of: [UInt8].self) { group in
                group.addTask {
                    Array(try await request.body.collect(upTo: ServingSettings.maximumBodySize).readableBytesView)
                }
                group.addTask {
                    try await Task.sleep(for: self.bodyDeadline)
                    isLate.withLockedValue { $0 = true }
                    throw CancellationError()
                }
                defer { group.cancelAll() }
                return try await group.next() ?? []
            }
        } catch {
            guard isLate.withLockedValue({ $0 }) else {
                throw APIError(
                    code: "RequestEntityTooLargeException",
                    message: "The request body is longer than \(ServingSettings.maximumBodySize) bytes, or did not arrive.",
                    status: 413
                )
            }
            throw APIError(
                code: "RequestTimeoutException",
                message: "The request body did not arrive within \(self.bodyDeadline.components.seconds) seconds.",
                status: 408
            )
        }
    }

    private func answer(to request: Request, from address: String, requestID: String) async -> APIResponse {
        let body: [UInt8]
        do throws(APIError) { body = try await self.body(of: request) } catch { return APIResponse(error) }
        let signable = SignableRequest(request, body: body)
        do throws(APIError) {
            return try await self.answer(to: signable, from: address, requestID: requestID)
        } catch {
            return signable.isForm ? APIResponse(query: error, requestID: requestID) : APIResponse(error)
        }
    }

    private func answer(
        to signable: SignableRequest,
        from address: String,
        requestID: String
    ) async throws(APIError) -> APIResponse {
        let now = self.now()
        let query = signable.isForm ? QueryCall(signable.body) : nil
        let target = query?.target ?? signable.target
        let service = signable.isForm ? APIService.sts : APIService(target: target)
        do {
            let claim = try SignatureClaim(signable)
            let credential = try await self.credential(claim.accessKeyID)
            let caller = try self.verifier.verify(claim, of: signable, service: service.rawValue, now: now, credential: credential)
            guard let target else {
                throw APIError(.unknownOperation, "The X-Amz-Target header is missing, or there are several.")
            }
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
        } catch let error as APIError {
            throw error
        } catch let error as SignatureError {
            throw APIError(code: error.code, message: error.message)
        } catch {
            self.logger.error("access key not readable", metadata: ["request": "\(requestID)", "cause": "\(error)"])
            throw APIError(internal: "access key not readable")
        }
    }
}
