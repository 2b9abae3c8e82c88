package import Auditing
package import Logging
import SecretModel

/// Finds the operation, checks its members once, asks for permission, performs it, and sees that it is on record before it is answered:
/// the order of `aws-api.md` §1.4.
package struct APIRouter: Sendable {
    private let operations: [String: any APIOperation]
    private let authorizer: Authorizer
    let audit: AuditRecorder
    private let logger: Logger

    /// - Parameter operations: One per target; of two with the same target the later wins.
    package init(
        operations: [any APIOperation],
        audit: AuditRecorder,
        authorizer: Authorizer,
        logger: Logger = Logger(label: "keyturn.api")
    ) {
        self.operations = Dictionary(operations.map { ($0.target, $0) }) { _, later in later }
        self.authorizer = authorizer
        self.audit = audit
        self.logger = logger
    }

    /// Never fails: a refusal is an answer too. What went wrong inside is logged, and the client sees `InternalServiceError`.
    package func respond(to request: APIRequest) async -> APIResponse {
        do throws(APIError) {
            guard let operation = self.operations[request.target] else {
                throw APIError(.unknownOperation, "The requested operation is not known: \(request.target)")
            }
            let output = try await self.recorded(operation, request)
            guard case .query(let call) = request.form else { return APIResponse(output) }
            return APIResponse(output, of: call, requestID: request.requestID)
        } catch {
            if let cause = error.cause {
                self.logger.error("call failed", metadata: ["request": "\(request.requestID)", "cause": "\(cause)"])
            }
            guard case .query = request.form else { return APIResponse(error) }
            return APIResponse(query: error, requestID: request.requestID)
        }
    }

    /// The outcome, once it is in the audit trail: what cannot be recorded does not happen.
    private func recorded(_ operation: any APIOperation, _ request: APIRequest) async throws(APIError) -> JSONValue {
        var call = AuditedRequest(operation, request)
        let outcome: Result<JSONValue, APIError>
        do throws(APIError) {
            outcome = .success(try await self.output(of: operation, request, &call))
        } catch {
            outcome = .failure(error)
        }
        try await self.record(outcome, of: operation, call)
        return try outcome.get()
    }

    private func output(
        of operation: any APIOperation,
        _ request: APIRequest,
        _ call: inout AuditedRequest
    ) async throws(APIError) -> JSONValue {
        let input = try self.input(of: request, for: operation)
        try operation.members.check(input)
        call.accept(input, operation.members)
        let context = try await self.authorizer.admit(request, to: operation, input, call.origin)
        let output = try await operation.respond(to: input, context)
        guard context.permission.wasGranted else { throw APIError(internal: "\(request.target) answered without asking for permission") }
        return output
    }

    private func input(of request: APIRequest, for operation: any APIOperation) throws(APIError) -> APIInput {
        let bytes: [UInt8]
        switch request.form {
        case .query(let call): return call.input(operation.members)
        case .json(let body): bytes = body
        }
        let body: JSONValue
        do throws(JSONSyntaxError) {
            body = try JSONValue(parsing: bytes)
        } catch {
            throw APIError(.serialization, error.description)
        }
        guard body.members != nil else { throw APIError(.serialization, "the body is not a JSON object") }
        return APIInput(body)
    }
}
