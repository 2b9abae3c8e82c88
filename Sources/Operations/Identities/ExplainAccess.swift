import AWSAPI
import Access
import Identities
import SecretModel
import Storage

/// What policies say about a call that nobody makes, and which statement decides.
struct ExplainAccess: APIOperation {
    let parts: OperationParts
    let target = "keyturn.ExplainAccess"
    let members: [MemberRule] =
        MemberRule.holder + [
            .text("Action", 3...256, isRequired: true), .text("Resource", 1...2_048, isRequired: true),
            .structures("Context", 0...100, of: [.text("Key", 3...256), .texts("Values", 0...100, each: 0...2_048)]),
        ]
    let access = AccessRule.holder

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let id = try input.identity(context.caller.account)
        _ = try await inWords { try await self.parts.identities.describe(id) }
        let principal: Principal =
            id.kind == .user ? .user(id.account, name: id.name) : .assumedRole(id.account, role: id.name, session: "explain")
        var values: [String: RequestContext.Value] = [:]
        for entry in input.objects("Context") ?? [] {
            let texts = entry.strings("Values") ?? []
            values[try entry.required("Key")] = texts.count == 1 ? .one(texts[0]) : .many(texts)
        }
        let (resource, decision) = try await self.parts.authorizer.explain(
            principal,
            action: try input.required("Action"),
            resource: try input.required("Resource"),
            values: values,
            region: context.caller.region,
            now: context.now,
            asker: context.permission
        )
        return .output(
            ("Principal", .string(principal.arn)),
            ("Action", input["Action"]),
            ("Resource", .string(resource)),
            ("Decision", .string(decision.name)),
            ("DecidedBy", .array(decision.statements.map(\.json))),
            ("Reason", .string(decision.reason))
        )
    }
}

extension AccessDecision {
    /// As IAM's policy simulator names it.
    fileprivate var name: String {
        switch self {
        case .allowed: "allowed"
        case .refused(.explicit): "explicitDeny"
        case .refused(.implicit): "implicitDeny"
        }
    }

    fileprivate var statements: [DecidingStatement] {
        switch self {
        case .allowed(let statements): statements
        case .refused(.explicit(let statement)): [statement]
        case .refused(.implicit): []
        }
    }

    fileprivate var reason: String {
        let named = self.statements.map { statement in
            let sid = statement.sid.map { " (\($0))" } ?? ""
            return "statement \(statement.number)\(sid) of \(statement.policy), \(statement.type.withArticle)"
        }.joined(separator: ", and ")
        return switch self {
        case .allowed: "\(named), allows it"
        case .refused(.explicit): "\(named), denies it"
        case .refused(.implicit(let type)): "nothing denies it, but no \(type.rawValue) allows it"
        }
    }
}

extension DecidingStatement {
    fileprivate var json: JSONValue {
        .output(
            ("PolicyType", .string(self.type.rawValue)),
            ("PolicyName", .string(self.policy)),
            ("Statement", .integer(self.number)),
            ("Sid", self.sid.map(JSONValue.string))
        )
    }
}
