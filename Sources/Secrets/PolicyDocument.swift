import SecretModel

/// The outer grammar of a resource policy: enough to refuse what can never be one. Evaluation is not this room's.
struct PolicyDocument {
    private let statements: [JSONValue]

    init(_ text: String) throws(SecretServiceError) {
        let document: JSONValue
        do throws(JSONSyntaxError) {
            document = try JSONValue(parsing: text)
        } catch {
            throw .malformedPolicy
        }
        let versions: [JSONValue] = ["2012-10-17", "2008-10-17"]
        guard document.members != nil, versions.contains(document["Version"] ?? "2008-10-17") else { throw .malformedPolicy }
        switch document["Statement"] {
        case .array(let statements)? where !statements.isEmpty: self.statements = statements
        case .object(let members)?: self.statements = [.object(members)]
        default: throw .malformedPolicy
        }
        guard self.statements.allSatisfy(Self.isStatement) else { throw .malformedPolicy }
    }

    /// Whether a statement without conditions allows everybody.
    var isPublic: Bool {
        self.statements.contains { statement in
            guard statement["Effect"] == "Allow", statement["Condition"] == nil, let principal = statement["Principal"] else {
                return false
            }
            return principal == "*" || Self.isEverybody(principal["AWS"])
        }
    }

    private static func isEverybody(_ principal: JSONValue?) -> Bool {
        principal == "*" || principal?.arrayValue?.contains("*") == true
    }

    private static func isStatement(_ statement: JSONValue) -> Bool {
        guard statement["Effect"] == "Allow" || statement["Effect"] == "Deny" else { return false }
        guard statement["Action"] != nil || statement["NotAction"] != nil else { return false }
        return statement["Principal"] != nil || statement["NotPrincipal"] != nil
    }
}
