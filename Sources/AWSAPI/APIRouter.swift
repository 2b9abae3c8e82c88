package import Logging
import SecretModel

/// Finds the operation, checks its members once, asks for permission and answers: the order of `aws-api.md` §1.4.
package struct APIRouter: Sendable {
    private let operations: [String: any APIOperation]
    private let authorizer: Authorizer
    private let logger: Logger

    /// - Parameter operations: One per target; of two with the same target the later wins.
    package init(
        operations: [any APIOperation],
        authorizer: Authorizer = Authorizer(),
        logger: Logger = Logger(label: "keyturn.api")
    ) {
        self.operations = Dictionary(operations.map { ($0.target, $0) }) { _, later in later }
        self.authorizer = authorizer
        self.logger = logger
    }

    /// Never fails: a refusal is an answer too. What went wrong inside is logged, and the client sees `InternalServiceError`.
    package func respond(to request: APIRequest) async -> APIResponse {
        do throws(APIError) {
            let output = try await self.output(for: request)
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

    private func output(for request: APIRequest) async throws(APIError) -> JSONValue {
        guard let operation = self.operations[request.target] else {
            throw APIError(.unknownOperation, "The requested operation is not known: \(request.target)")
        }
        let input = try self.input(of: request, for: operation)
        try operation.members.check(input)
        if operation.needsPermission {
            try self.authorizer.authorize(
                request.caller,
                action: APIService.action(of: request.target),
                resource: input.string("SecretId") ?? input.string("Name") ?? input.string("KeyId") ?? "*"
            )
        }
        let context = CallContext(caller: request.caller, requestID: request.requestID, now: request.now)
        return try await operation.respond(to: input, context)
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
