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
            return APIResponse(try await self.output(for: request))
        } catch {
            if let cause = error.cause {
                self.logger.error("call failed", metadata: ["request": "\(request.requestID)", "cause": "\(cause)"])
            }
            return APIResponse(error)
        }
    }

    private func output(for request: APIRequest) async throws(APIError) -> JSONValue {
        guard let operation = self.operations[request.target] else {
            throw APIError(.unknownOperation, "The requested operation is not known: \(request.target)")
        }
        let input = try self.input(of: request)
        try operation.members.check(input)
        try self.authorizer.authorize(
            request.caller,
            action: request.target.split(separator: ".", maxSplits: 1).joined(separator: ":"),
            resource: input.string("SecretId") ?? input.string("Name") ?? "*"
        )
        let context = CallContext(caller: request.caller, requestID: request.requestID, now: request.now)
        return try await operation.respond(to: input, context)
    }

    private func input(of request: APIRequest) throws(APIError) -> APIInput {
        let body: JSONValue
        do throws(JSONSyntaxError) {
            body = try JSONValue(parsing: request.body)
        } catch {
            throw APIError(.serialization, error.description)
        }
        guard body.members != nil else { throw APIError(.serialization, "the body is not a JSON object") }
        return APIInput(body)
    }
}
