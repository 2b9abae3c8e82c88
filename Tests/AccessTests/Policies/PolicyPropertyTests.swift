import Access
import SecretModel
import TestSupport
import Testing

/// What must hold for whatever policies people write.
@Suite struct PolicyPropertyTests {
    private static let actions = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "kms:Decrypt"]
    private static let names = ["app/db", "app/api", "prod/db"]
    private static let accounts = ["000000000000", "123456789012"]

    /// A random policy of up to four statements, as texts of statements so that they can be rearranged.
    private static func statements(isResource: Bool, _ random: inout some RandomNumberGenerator) -> [String] {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in
            var members = [#""Effect":"\#(Bool.random(using: &random) ? "Allow" : "Deny")""#]
            if Int.random(in: 0..<3, using: &random) > 0 { members[0] = #""Effect":"Allow""# }
            let action = ["*", "secretsmanager:*", "secretsmanager:Get*", "kms:?ecrypt"].randomElement(using: &random) ?? "*"
            members.append(#""\#(Bool.random(using: &random) ? "Action" : "NotAction")":["\#(action)"]"#)
            let name = (Self.names + ["*", "app/*", "${aws:username}/*"]).randomElement(using: &random) ?? "*"
            let resource = "arn:aws:secretsmanager:*:*:secret:\(name)-??????"
            members.append(#""\#(Int.random(in: 0..<4, using: &random) == 0 ? "NotResource" : "Resource")":"\#(resource)""#)
            if isResource {
                let principal =
                    ["*", Self.accounts[0], Self.accounts[1], "arn:aws:iam::000000000000:user/app"].randomElement(using: &random) ?? "*"
                members.append(#""\#(Int.random(in: 0..<4, using: &random) == 0 ? "NotPrincipal" : "Principal")":{"AWS":"\#(principal)"}"#)
            }
            if Bool.random(using: &random) {
                let test =
                    ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "ForAnyValue:StringLike"].randomElement(using: &random)
                    ?? ""
                members.append(#""Condition":{"\#(test)":{"secretsmanager:VersionStage":"AWSCURRENT"}}"#)
            }
            return "{\(members.shuffled(using: &random).joined(separator: ","))}"
        }
    }

    private static func policy(_ statements: [String], as kind: PolicyDocument.Kind) throws -> AttachedPolicy {
        let text = #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        return AttachedPolicy(name: "p", document: try PolicyDocument(parsing: text, as: kind))
    }

    private static func request(_ random: inout some RandomNumberGenerator) throws -> AccessRequest {
        let account = try #require(AccountID(Self.accounts.randomElement(using: &random) ?? ""))
        let owner = try #require(AccountID(Self.accounts.randomElement(using: &random) ?? ""))
        let name = Self.names.randomElement(using: &random) ?? ""
        return AccessRequest(
            principal: .user(account, name: "app"),
            action: Self.actions.randomElement(using: &random) ?? "",
            resource: "arn:aws:secretsmanager:eu-west-1:\(owner):secret:\(name)-AbCdEf",
            account: owner,
            context: RequestContext(
                Bool.random(using: &random)
                    ? ["aws:username": .one("app"), "secretsmanager:VersionStage": .one("AWSCURRENT")] : ["aws:username": .one("app")]
            )
        )
    }

    private static func decide(_ identity: [String], _ resource: [String], _ request: AccessRequest) throws -> AccessDecision {
        PolicyEvaluation(
            identity: IdentityPolicies(policies: identity.isEmpty ? [] : [try Self.policy(identity, as: .identity)]),
            resource: resource.isEmpty ? nil : try Self.policy(resource, as: .resource)
        ).decide(request)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `a further deny never allows more, and the order of statements never matters`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var allowed = 0
        for _ in 0..<120 {
            let identity = Self.statements(isResource: false, &random)
            let resource = Self.statements(isResource: true, &random)
            let request = try Self.request(&random)
            let decision = try Self.decide(identity, resource, request)
            if decision.isAllowed { allowed += 1 }

            let shuffled = try Self.decide(identity.shuffled(using: &random), resource.shuffled(using: &random), request)
            #expect(
                PolicyEvaluationTests.text(shuffled) == PolicyEvaluationTests.text(decision),
                "seed \(seed): \(identity) \(resource) \(request)"
            )

            let more = Self.statements(isResource: false, &random)[0].replacing("Allow", with: "Deny")
            let denied = try Self.decide(identity + [more], resource, request)
            #expect(decision.isAllowed || !denied.isAllowed, "seed \(seed): \(more) allowed more: \(identity) \(resource) \(request)")

            let foreign = Self.statements(isResource: true, &random)[0].replacing("Allow", with: "Deny")
            let refused = try Self.decide(identity, resource + [foreign], request)
            #expect(decision.isAllowed || !refused.isAllowed, "seed \(seed): \(foreign) allowed more: \(identity) \(resource) \(request)")
        }
        #expect((12...108).contains(allowed), "seed \(seed): \(allowed) of 120 allowed; the cases say nothing")
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `a wildcard for a part of a name allows no less than the name, and Not is the contrary`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<120 {
            let request = try Self.request(&random)
            let written =
                "arn:aws:secretsmanager:eu-west-1:\(request.account):secret:\(Self.names.randomElement(using: &random) ?? "")-AbCdEf"
            var general = Array(written)
            // Behind the fifth colon: an ARN with fewer parts would be another one.
            let start = Int.random(in: 46..<general.count, using: &random)
            let end = Int.random(in: start..<general.count, using: &random)
            general.replaceSubrange(start...end, with: Bool.random(using: &random) ? ["*"] : Array(repeating: "?", count: end - start + 1))
            func isAllowed(_ element: String, _ resource: String) throws -> Bool {
                let statement = #"{"Effect":"Allow","Action":"*","\#(element)":"\#(resource)"}"#
                let open = #"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#
                return try Self.decide(
                    [statement],
                    [open],
                    AccessRequest(
                        principal: .user(.initial, name: "app"),
                        action: request.action,
                        resource: request.resource,
                        account: try #require(AccountID("123456789012")),
                        context: request.context
                    )
                ).isAllowed
            }
            let isNamed = try isAllowed("Resource", written)
            #expect(try !isNamed || isAllowed("Resource", String(general)), "seed \(seed): \(String(general)) for \(request.resource)")
            #expect(try isAllowed("NotResource", written) != isNamed, "seed \(seed): \(written) for \(request.resource)")
        }
    }

    @Test func `a pattern that would make a naive matcher run for years ends at once`() throws {
        let pattern = String(repeating: "a*", count: 60)
        let text = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:x:::\#(pattern)b"}}"#
        let policy = AttachedPolicy(name: "p", document: try PolicyDocument(parsing: text, as: .identity))
        let request = AccessRequest(
            principal: .user(.initial, name: "ann"),
            action: "a:b",
            resource: "arn:aws:x:::" + String(repeating: "a", count: 5_000),
            account: .initial,
            context: RequestContext([:])
        )
        let clock = ContinuousClock()
        let took = clock.measure {
            #expect(!PolicyEvaluation(identity: IdentityPolicies(policies: [policy])).decide(request).isAllowed)
        }
        #expect(took < .seconds(5))
    }
}
