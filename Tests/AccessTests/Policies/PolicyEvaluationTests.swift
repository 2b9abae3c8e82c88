import SecretModel
import Testing

@testable import Access

/// Who gets in: the cases of the guides (`aws-service.md` §3).
@Suite struct PolicyEvaluationTests {
    static let home = "123456789012"
    static let foreign = "999999999999"

    struct Case: CustomTestStringConvertible {
        let title: String
        var principal = "arn:aws:iam::123456789012:user/ann"
        var identity: [String] = []
        var boundary: String?
        var session: [String]?
        var resource: String?
        var secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-AbCdEf"
        var weight = PolicyEvaluation.ResourcePolicyWeight.sufficient
        /// `allow`, `deny TYPE` or `no TYPE`.
        let expected: String

        var testDescription: String { self.title }
    }

    static func allow(_ action: String = "secretsmanager:*", on resource: String = "*") -> String {
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"\#(action)","Resource":"\#(resource)"}}"#
    }

    static let deny = #"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#

    static func grant(_ principal: String, effect: String = "Allow", element: String = "Principal") -> String {
        #"{"Version":"2012-10-17","Statement":{"Effect":"\#(effect)","\#(element)":{"AWS":"\#(principal)"},"Action":"secretsmanager:*","Resource":"*"}}"#
    }

    static let user = "arn:aws:iam::123456789012:user/ann"
    static let role = "arn:aws:iam::123456789012:role/app"
    static let session = "arn:aws:sts::123456789012:assumed-role/app/s1"
    static let root = "arn:aws:iam::123456789012:root"
    static let stranger = "arn:aws:iam::999999999999:user/eve"

    static let sameAccount: [Case] = [
        Case(title: "nothing allows", expected: "no identity"),
        Case(title: "an identity policy allows", identity: [allow()], expected: "allow"),
        Case(title: "one of several policies allows", identity: [allow("s3:*"), allow()], expected: "allow"),
        Case(title: "another action", identity: [allow("secretsmanager:DescribeSecret")], expected: "no identity"),
        Case(title: "actions without regard to case", identity: [allow("SecretsManager:getsecretVALUE")], expected: "allow"),
        Case(title: "wildcards in actions", identity: [allow("secretsmanager:Get*")], expected: "allow"),
        Case(title: "ARNs with regard to case", identity: [allow(on: "arn:aws:secretsmanager:*:*:secret:App/*")], expected: "no identity"),
        Case(title: "path idiom", identity: [allow(on: "arn:aws:secretsmanager:*:123456789012:secret:app/*")], expected: "allow"),
        Case(title: "suffix idiom", identity: [allow(on: "arn:aws:secretsmanager:*:123456789012:secret:app/db-??????")], expected: "allow"),
        Case(
            title: "suffix idiom of a shorter name",
            identity: [allow(on: "arn:aws:secretsmanager:*:*:secret:app-??????")],
            expected: "no identity"
        ),
        Case(title: "missing parts of an ARN", identity: [allow(on: "arn:aws:secretsmanager:*")], expected: "allow"),
        Case(title: "a deny wins over an allow", identity: [allow(), deny], expected: "deny identity"),
        Case(title: "the resource names the user", resource: grant(user), expected: "allow"),
        Case(title: "the resource names everybody", resource: grant("*"), expected: "allow"),
        Case(title: "the resource names another", resource: grant("arn:aws:iam::123456789012:user/bob"), expected: "no identity"),
        Case(title: "users with regard to case", resource: grant("arn:aws:iam::123456789012:user/Ann"), expected: "no identity"),
        Case(title: "the resource names the account: its own policies decide", resource: grant(home), expected: "no identity"),
        Case(title: "the same, and they allow", identity: [allow()], resource: grant(root), expected: "allow"),
        Case(title: "the resource denies", identity: [allow()], resource: grant("*", effect: "Deny"), expected: "deny resource"),
        Case(
            title: "the resource denies the account",
            identity: [allow()],
            resource: grant(home, effect: "Deny"),
            expected: "deny resource"
        ),
        Case(
            title: "NotPrincipal spares who is named",
            identity: [allow()],
            resource: grant(user, effect: "Deny", element: "NotPrincipal"),
            expected: "allow"
        ),
        Case(
            title: "NotPrincipal meets all others",
            identity: [allow()],
            resource: grant(role, effect: "Deny", element: "NotPrincipal"),
            expected: "deny resource"
        ),
        Case(title: "the account itself needs no policy", principal: root, expected: "allow"),
        Case(title: "the account itself obeys a deny", principal: root, resource: grant("*", effect: "Deny"), expected: "deny resource"),
    ]

    static let limits: [Case] = [
        Case(title: "a boundary limits", identity: [allow()], boundary: allow("s3:*"), expected: "no boundary"),
        Case(title: "a boundary allows nothing by itself", boundary: allow(), expected: "no identity"),
        Case(title: "a boundary that allows", identity: [allow()], boundary: allow(), expected: "allow"),
        Case(title: "a boundary that denies", identity: [allow()], boundary: deny, expected: "deny boundary"),
        Case(title: "a resource that names the user is not limited", boundary: allow("s3:*"), resource: grant(user), expected: "allow"),
        Case(title: "a role's policy", principal: session, identity: [allow()], expected: "allow"),
        Case(title: "a session policy limits", principal: session, identity: [allow()], session: [allow("s3:*")], expected: "no session"),
        Case(title: "a session policy allows nothing by itself", principal: session, session: [allow()], expected: "no identity"),
        Case(title: "a session policy that allows", principal: session, identity: [allow()], session: [allow()], expected: "allow"),
        Case(
            title: "a session policy that denies",
            principal: session,
            identity: [allow()],
            session: [allow(), deny],
            expected: "deny session"
        ),
        Case(title: "the resource names the role", principal: session, resource: grant(role), expected: "allow"),
        Case(
            title: "the role's grant stays limited",
            principal: session,
            session: [allow("s3:*")],
            resource: grant(role),
            expected: "no session"
        ),
        Case(
            title: "the session's grant does not",
            principal: session,
            session: [allow("s3:*")],
            resource: grant(session),
            expected: "allow"
        ),
        Case(title: "another session's grant", principal: session, resource: grant(session + "2"), expected: "no identity"),
    ]

    static let crossAccount: [Case] = [
        Case(title: "both sides allow", principal: stranger, identity: [allow()], resource: grant(stranger), expected: "allow"),
        Case(title: "both sides, by account", principal: stranger, identity: [allow()], resource: grant(foreign), expected: "allow"),
        Case(title: "only the caller's side", principal: stranger, identity: [allow()], expected: "no resource"),
        Case(title: "only the resource's side", principal: stranger, resource: grant(stranger), expected: "no identity"),
        Case(title: "neither side", principal: stranger, expected: "no identity"),
        Case(
            title: "the resource names another account",
            principal: stranger,
            identity: [allow()],
            resource: grant(home),
            expected: "no resource"
        ),
        Case(
            title: "the other account itself needs the resource too",
            principal: "arn:aws:iam::999999999999:root",
            expected: "no resource"
        ),
        Case(
            title: "a deny on the resource's side",
            principal: stranger,
            identity: [allow()],
            resource: grant("*", effect: "Deny"),
            expected: "deny resource"
        ),
    ]

    static let required: [Case] = [
        Case(title: "a key that names nobody", identity: [allow()], weight: .required, expected: "no resource"),
        Case(title: "a key that names the account", identity: [allow()], resource: grant(home), weight: .required, expected: "allow"),
        Case(title: "the same without the caller's policy", resource: grant(home), weight: .required, expected: "no identity"),
        Case(title: "a key that names the user", resource: grant(user), weight: .required, expected: "allow"),
    ]

    @Test(arguments: Self.sameAccount + Self.limits + Self.crossAccount + Self.required)
    func `policies decide as the guide says`(_ item: Case) throws {
        func attached(_ texts: [String]) throws -> [AttachedPolicy] {
            try texts.enumerated().map { AttachedPolicy(name: "p\($0)", document: try PolicyDocument(parsing: $1, as: .identity)) }
        }
        var identity = IdentityPolicies(policies: try attached(item.identity))
        identity.boundary = try item.boundary.map {
            AttachedPolicy(name: "boundary", document: try PolicyDocument(parsing: $0, as: .identity))
        }
        let evaluation = PolicyEvaluation(
            identity: identity,
            session: try item.session.map(attached),
            resource: try item.resource.map { AttachedPolicy(name: "resource", document: try PolicyDocument(parsing: $0, as: .resource)) },
            weight: item.weight
        )
        let request = AccessRequest(
            principal: try #require(Principal(arn: item.principal)),
            action: "secretsmanager:GetSecretValue",
            resource: item.secret,
            account: try #require(AccountID(Self.home)),
            context: RequestContext([:])
        )
        #expect(Self.text(evaluation.decide(request)) == item.expected)
    }

    static func text(_ decision: AccessDecision) -> String {
        switch decision {
        case .allowed: "allow"
        case .refused(.explicit(let statement)): "deny \(statement.type)"
        case .refused(.implicit(let type)): "no \(type)"
        }
    }

    @Test func `the statement that decided is named`() throws {
        let text = """
            {"Version":"2012-10-17","Statement":[
              {"Sid":"Read","Effect":"Allow","Action":"secretsmanager:Get*","Resource":"*"},
              {"Sid":"NotProduction","Effect":"Deny","Action":"*","Resource":"arn:aws:secretsmanager:*:*:secret:production/*"}]}
            """
        let policy = AttachedPolicy(name: "readers", document: try PolicyDocument(parsing: text, as: .identity))
        func decision(on secret: String) -> AccessDecision {
            PolicyEvaluation(identity: IdentityPolicies(policies: [policy])).decide(
                AccessRequest(
                    principal: .user(.initial, name: "ann"),
                    action: "secretsmanager:GetSecretValue",
                    resource: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:\(secret)",
                    account: .initial,
                    context: RequestContext([:])
                )
            )
        }
        let first = DecidingStatement(type: .identity, policy: "readers", number: 1, sid: "Read")
        let second = DecidingStatement(type: .identity, policy: "readers", number: 2, sid: "NotProduction")
        #expect(decision(on: "test/db-AbCdEf") == .allowed(by: [first]))
        #expect(decision(on: "production/db-AbCdEf") == .refused(.explicit(second)))
    }

    @Test func `a policy of version 2008-10-17 knows no variables`() throws {
        func isAllowed(_ version: String, _ secret: String) throws -> Bool {
            let text = #"{"Version":"\#(version)","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:x:::${aws:username}"}}"#
            let policy = AttachedPolicy(name: "p", document: try PolicyDocument(parsing: text, as: .identity))
            return PolicyEvaluation(identity: IdentityPolicies(policies: [policy])).decide(
                AccessRequest(
                    principal: .user(.initial, name: "ann"),
                    action: "a:b",
                    resource: "arn:aws:x:::\(secret)",
                    account: .initial,
                    context: RequestContext(["aws:username": .one("ann")])
                )
            ).isAllowed
        }
        #expect(try isAllowed("2012-10-17", "ann"))
        #expect(try !isAllowed("2012-10-17", "${aws:username}"))
        #expect(try isAllowed("2008-10-17", "${aws:username}"))
        #expect(try !isAllowed("2008-10-17", "ann"))
    }
}
