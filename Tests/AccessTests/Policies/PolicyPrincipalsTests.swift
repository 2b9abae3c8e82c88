import Access
import SecretModel
import Testing

/// Policies that name a user or a role which was deleted (`aws-service.md` §3.4).
@Suite struct PolicyPrincipalsTests {
    private static let ann = "arn:aws:iam::123456789012:user/ann"
    private static let unique = "AIDAQWERTYUIOPASDFGH"

    private static func policy(_ principal: String, effect: String = "Allow", element: String = "Principal") -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","\#(element)":\#(principal),"Action":"*","Resource":"*"}]}"#
    }

    @Test(arguments: [
        (#"{"AWS":"\#(ann)"}"#, #"{"AWS":"\#(unique)"}"#),
        (
            #"{"AWS":["123456789012","\#(ann)"],"Service":"x.amazonaws.com"}"#,
            #"{"AWS":["123456789012","\#(unique)"],"Service":"x.amazonaws.com"}"#
        ),
        (#"{"AWS":"arn:aws:iam::123456789012:user\/\u0061nn"}"#, #"{"AWS":"\#(unique)"}"#),
        (#"{"AWS":"\#(ann)e"}"#, nil), (#"{"Service":"\#(ann)"}"#, nil), (#""*""#, nil),
    ])
    func `a principal is replaced, and nothing else`(_ before: String, _ after: String?) {
        for element in ["Principal", "NotPrincipal"] {
            let changed = PolicyPrincipals.text(Self.policy(before, element: element)) { $0 == Self.ann ? Self.unique : nil }
            #expect(changed == after.map { Self.policy($0, element: element) })
        }
    }

    @Test(arguments: ["", "{", "[]", "{}", #"{"Statement":1}"#, #"{"Statement":[null,{"Principal":{"AWS":[1]}}]}"#])
    func `what is no policy is left alone`(_ text: String) {
        #expect(PolicyPrincipals.text(text) { _ in "x" } == nil)
    }

    @Test func `the id of what was deleted names nobody, and spares nobody`() throws {
        func decide(_ text: String) throws -> AccessDecision {
            let policy = AttachedPolicy(name: "resource", document: try PolicyDocument(parsing: text, as: .resource))
            let account = try #require(AccountID("123456789012"))
            return PolicyEvaluation(identity: IdentityPolicies(policies: []), resource: policy).decide(
                AccessRequest(
                    principal: .user(account, name: "ann"),
                    action: "secretsmanager:GetSecretValue",
                    resource: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
                    account: account,
                    context: RequestContext([:])
                )
            )
        }
        #expect(try decide(Self.policy(#"{"AWS":"\#(Self.ann)"}"#)).isAllowed)
        #expect(try decide(Self.policy(#"{"AWS":"\#(Self.unique)"}"#)) == .refused(.implicit(.identity)))
        let spared = Self.policy(#"{"AWS":"\#(Self.unique)"}"#, effect: "Deny", element: "NotPrincipal")
        guard case .refused(.explicit) = try decide(spared) else {
            Issue.record("a later user of the name is not spared")
            return
        }
    }

    @Test(arguments: ["AIDAshort", "AIDAQWERTYUIOPASDFG/", "AKIAQWERTYUIOPASDFGH", "aidaQWERTYUIOPASDFGH"])
    func `other texts are no ids`(_ text: String) {
        #expect(throws: PolicySyntaxError.self) { try PolicyDocument(parsing: Self.policy(#"{"AWS":"\#(text)"}"#), as: .resource) }
    }
}
