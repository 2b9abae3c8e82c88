import Access
import SecretModel
import TestSupport
import Testing

@Suite struct PolicyFuzzProof {
    private static let examples = [
        #"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":["kms:*","secretsmanager:?et*"],"#
            + #""NotResource":["arn:aws:secretsmanager:*:*:secret:app/${aws:username}-??????"]}}"#,
        #"{"Version":"2012-10-17","Id":"p","Statement":[{"Effect":"Allow","Principal":{"AWS":["123456789012","arn:aws:iam::1:root"]},"#
            + #""Action":"secretsmanager:*","Resource":"*","Condition":{"ForAnyValue:StringLikeIfExists":{"secretsmanager:VersionStage":"AWS*"},"#
            + #""IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]},"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"},"#
            + #""NumericLessThan":{"secretsmanager:RecoveryWindowInDays":"7"},"Null":{"aws:ResourceTag/team":"false"}}}]}"#,
    ]

    @Test func `what is accepted is decided, without long searching`() throws {
        let account = try #require(AccountID("123456789012"))
        let tokens = [
            "\"Effect\":\"Deny\"", "\"Principal\":\"*\"", "\"NotPrincipal\":", "\"Condition\":{", "StringEquals", "ForAllValues:",
            "IfExists",
            "arn:aws:", "${aws:username}", "${*}", "${a,'b'}", "*?*?*", "2012-10-17", "2008-10-17", "/33", "::", "{", "}", "[", "]", ",",
        ]
        let request = AccessRequest(
            principal: .user(account, name: String(repeating: "a", count: 60)),
            action: "secretsmanager:GetSecretValue",
            resource: "arn:aws:secretsmanager:eu-west-1:\(account):secret:app/\(String(repeating: "a", count: 400))-AbCdEf",
            account: account,
            context: RequestContext([
                "aws:username": .one(String(repeating: "a", count: 60)), "secretsmanager:VersionStage": .one("AWSCURRENT"),
            ])
        )
        try FuzzRun("policy", short: 5_000).run(examples: Self.examples, tokens: tokens) { input in
            let text = String(decoding: input, as: UTF8.self)
            var outcomes: [String] = []
            for kind in [PolicyDocument.Kind.identity, .resource, .trust] {
                do throws(PolicySyntaxError) {
                    let policy = AttachedPolicy(name: "p", document: try PolicyDocument(parsing: text, as: kind))
                    let decision = PolicyEvaluation(
                        identity: IdentityPolicies(policies: kind == .identity ? [policy] : []),
                        resource: kind == .identity ? nil : policy
                    ).decide(request)
                    outcomes.append("accepted, \(decision.isAllowed)")
                } catch {
                    outcomes.append("\(error)")
                }
            }
            return outcomes.joined(separator: " | ")
        }
    }
}
