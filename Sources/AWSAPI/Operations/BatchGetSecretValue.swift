import Auditing
import Logging
import SecretModel
import Secrets
import Storage

struct BatchGetSecretValue: APIOperation {
    let secrets: SecretService
    private let logger = Logger(label: "keyturn.api")

    init(secrets: SecretService) {
        self.secrets = secrets
    }

    let target = "secretsmanager.BatchGetSecretValue"
    let members: [MemberRule] = [
        .texts("SecretIdList", 1...20, each: 1...2_048), .filters, .number("MaxResults", 1...20), .nextToken,
    ]
    let access: AccessRule = .everything(
        further: [.init("secretsmanager:ListSecrets") { $0.has("Filters") }]
    )

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        guard input.has("SecretIdList") != input.has("Filters") else {
            throw APIError(.invalidParameter, "Either 'SecretIdList' or 'Filters' must be provided, but not both.")
        }
        if let ids = input.strings("SecretIdList") {
            guard !input.has("MaxResults") else {
                throw APIError(
                    .invalidParameter,
                    "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided."
                )
            }
            return await self.answer(ids, nextToken: nil, context)
        }
        let filters = try input.filters()
        let page = try await self.secrets.page(
            input,
            matching: filters,
            limit: input.integer("MaxResults") ?? 20,
            binding: [self.target, context.scope.account, context.scope.region, input["Filters"]?.text ?? ""],
            context
        )
        return await self.answer(page.elements.map(\.arn.description), nextToken: page.nextToken, context)
    }

    /// A record of GetSecretValue for each secret, as AWS writes it.
    func parts(of output: JSONValue) -> [RequestOrigin.Happening] {
        let values = (output["SecretValues"]?.arrayValue ?? []).map { value in
            RequestOrigin.Happening("GetSecretValue", parameters: ["secretId": value["ARN"] ?? .null], about: value["ARN"]?.stringValue)
        }
        let refusals = (output["Errors"]?.arrayValue ?? []).map { error in
            var refusal = RequestOrigin.Happening("GetSecretValue", parameters: ["secretId": error["SecretId"] ?? .null])
            refusal.reference = error["SecretId"]?.stringValue
            refusal.failure = AuditFailure(code: error["ErrorCode"]?.stringValue ?? "", message: error["Message"]?.stringValue ?? "")
            return refusal
        }
        return values + refusals
    }

    /// One bad secret never fails the call: it becomes an entry of Errors, with the id as the caller wrote it.
    private func answer(_ ids: [String], nextToken: String?, _ context: CallContext) async -> JSONValue {
        var values: [JSONValue] = []
        var errors: [JSONValue] = []
        for id in ids {
            do throws(APIError) {
                guard let reference = SecretReference(id) else { throw .invalidName }
                let check = context.permission.toReadValue(of: reference, named: id)
                let reading = try await inWords { try await self.secrets.get(reference, check: check, context.origin(for: reference)) }
                values.append(.value(reading))
            } catch {
                // The router logs the causes of calls that fail; this one does not.
                if let cause = error.cause {
                    self.logger.error("call failed", metadata: ["request": "\(context.requestID)", "cause": "\(cause)"])
                }
                errors.append(["SecretId": .string(id), "ErrorCode": .string(error.code), "Message": .string(error.message)])
            }
        }
        return .output(("SecretValues", .array(values)), ("Errors", .array(errors)), ("NextToken", nextToken.map(JSONValue.describing)))
    }
}
