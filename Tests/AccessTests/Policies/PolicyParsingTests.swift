import Access
import Testing

@Suite struct PolicyParsingTests {
    struct Refusal: CustomTestStringConvertible {
        let policy: String
        let message: String
        var kind: PolicyDocument.Kind = .identity

        init(_ policy: String, _ message: String, as kind: PolicyDocument.Kind = .identity) {
            (self.policy, self.message, self.kind) = (policy, message, kind)
        }

        var testDescription: String { self.message }
    }

    static func statement(_ members: String) -> String { #"{"Version":"2012-10-17","Statement":[\#(members)]}"# }
    static func condition(_ block: String) -> String {
        Self.statement(#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":\#(block)}"#)
    }
    static func principal(_ value: String) -> String {
        Self.statement(#"{"Effect":"Allow","Principal":\#(value),"Action":"*","Resource":"*"}"#)
    }

    /// To compare each with all others would take minutes, to parse them takes seconds.
    @Test(.timeLimit(.minutes(10)), arguments: ["key", "value", "statement"])
    func `a policy with very many of something is parsed in time that follows its length`(_ kind: String) throws {
        let (many, key) = (12_000, String(repeating: "k", count: 40))
        func list(_ element: (Int) -> String) -> String { (0..<many).map(element).joined(separator: ",") }
        let plain = #""Effect":"Allow","Action":"*","Resource":"*""#
        let policy =
            switch kind {
            case "key": Self.condition(#"{"StringEquals":{\#(list { #""a:\#(key)\#($0)":"x""# })}}"#)
            case "value": Self.condition(#"{"StringEquals":{"a:b":[\#(list { #""\#(key)\#($0)""# })]}}"#)
            default: Self.statement(list { #"{"Sid":"\#(key)\#($0)",\#(plain)}"# })
            }
        #expect(try PolicyDocument(parsing: policy, as: .identity).statements.count == (kind == "statement" ? many : 1))
    }

    static let refusals: [Refusal] = [
        Refusal("{", "invalid JSON at byte 1: expected a member name"),
        Refusal("[]", "it must be a JSON object"),
        Refusal(#"{"Version":"2012-10-18","Statement":[]}"#, "Version: it must be 2012-10-17 or 2008-10-17"),
        Refusal(#"{"Version":"2012-10-17"}"#, "there is no Statement; a policy has at least one"),
        Refusal(#"{"Version":"2012-10-17","Statement":[]}"#, "Statement: the list is empty"),
        Refusal(#"{"Id":"x","Statement":{}}"#, #"there is no element "Id" here; known are Version, Statement"#),
        Refusal(#"{"statement":{}}"#, #"there is no element "statement" here; did you mean Statement?"#),
        Refusal(Self.statement(#"{"Action":"*","Resource":"*"}"#), "Statement[1]: there is no Effect; it must be Allow or Deny"),
        Refusal(Self.statement(#"{"Effect":"allow","Action":"*","Resource":"*"}"#), "Statement[1].Effect: it must be Allow or Deny"),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Resource":"*"}"#),
            "Statement[1]: there is neither Action nor NotAction; a statement has one of them"
        ),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Action":"*","NotAction":"a:b","Resource":"*"}"#),
            "Statement[1]: there are both Action and NotAction; a statement has one of them"
        ),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Action":["a:b","GetSecretValue"],"Resource":"*"}"#),
            #"Statement[1].Action[2]: "GetSecretValue" is no action; an action is * or SERVICE:NAME, such as secretsmanager:GetSecretValue"#
        ),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Action":"*"}"#),
            "Statement[1]: there is neither Resource nor NotResource; a statement has one of them"
        ),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Action":"*","Resource":"db"}"#),
            #"Statement[1].Resource: "db" is no resource; a resource is * or an ARN, such as arn:aws:secretsmanager:*:*:secret:app/*"#
        ),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:${aws:username}:1:x"}"#),
            "Statement[1].Resource: a policy variable may stand only behind the fifth colon of an ARN"
        ),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username"}"#),
            "Statement[1].Resource: the policy variable has no closing }"
        ),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Action":"*","Resource":"*","Effect":"Deny"}"#),
            "Statement[1]: the element Effect is there twice"
        ),
        Refusal(
            Self.statement(
                #"{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"*","Resource":"*"}"#
            ),
            #"Statement[2].Sid: "a" names another statement already; each Sid must be unique in its policy"#
        ),
        Refusal(
            Self.condition(#"{"stringEquals":{"a:b":"c"}}"#),
            #"Statement[1].Condition: there is no operator "stringEquals"; did you mean StringEquals?"#
        ),
        Refusal(
            Self.condition(#"{"StringEquals":{"username":"c"}}"#),
            #"Statement[1].Condition.StringEquals: "username" is no condition key; a key is PREFIX:NAME, such as aws:SourceIp"#
        ),
        Refusal(
            Self.condition(#"{"NumericLessThan":{"a:b":"0x10"}}"#),
            #"Statement[1].Condition.NumericLessThan.a:b: "0x10" is no number"#
        ),
        Refusal(
            Self.condition(#"{"DateLessThan":{"a:b":["2026-02-30"]}}"#),
            #"Statement[1].Condition.DateLessThan.a:b[1]: "2026-02-30" is no date; a date is written 2026-11-21T01:02:03Z or in seconds since 1970"#
        ),
        Refusal(
            Self.condition(#"{"DateLessThan":{"a:b":"-9223372036854775808"}}"#),
            #"Statement[1].Condition.DateLessThan.a:b: "-9223372036854775808" is no date; a date is written 2026-11-21T01:02:03Z or in seconds since 1970"#
        ),
        Refusal(Self.condition(#"{"Bool":{"a:b":"yes"}}"#), #"Statement[1].Condition.Bool.a:b: "yes" is neither true nor false"#),
        Refusal(
            Self.condition(#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}}"#),
            #"Statement[1].Condition.IpAddress.aws:SourceIp: "10.0.0.0/33" is no IP address or range, such as 203.0.113.0/24"#
        ),
        Refusal(
            Self.condition(#"{"StringEquals":{"a:b":{"c":1}}}"#),
            "Statement[1].Condition.StringEquals.a:b: it must be a string, a number, true or false"
        ),
        Refusal(
            Self.principal(#""*""#),
            #"Statement[1]: there is no element "Principal" here; known are Sid, Effect, Action, NotAction, Condition, Resource, NotResource"#
        ),
        Refusal(
            Self.statement(#"{"Effect":"Allow","Action":"*","Resource":"*"}"#),
            "Statement[1]: there is neither Principal nor NotPrincipal; a statement has one of them",
            as: .resource
        ),
        Refusal(
            Self.principal("{}"),
            #"Statement[1].Principal: it must be "*" or an object with AWS, Service, Federated or CanonicalUser"#,
            as: .resource
        ),
        Refusal(
            Self.principal(#"{"AWS":["123456789012","arn:aws:iam::123456789012:user/*"]}"#),
            #"Statement[1].Principal.AWS[2]: "arn:aws:iam::123456789012:user/*" is no AWS principal"#,
            as: .resource
        ),
        Refusal(
            Self.principal(#""*""#),
            #"Statement[1]: there is no element "Resource" here; known are Sid, Effect, Action, NotAction, Condition, Principal, NotPrincipal"#,
            as: .trust
        ),
    ]

    @Test(arguments: Self.refusals)
    func `what is no policy is refused with the place and what is expected`(_ refusal: Refusal) throws {
        let error = #expect(throws: PolicySyntaxError.self) { try PolicyDocument(parsing: refusal.policy, as: refusal.kind) }
        #expect(error?.description == refusal.message)
    }

    @Test(arguments: [
        #""*""#, #"{"AWS":"*"}"#, #"{"AWS":"123456789012"}"#, #"{"AWS":"arn:aws:iam::123456789012:root"}"#,
        #"{"AWS":["arn:aws:iam::123456789012:user/ops/ann","arn:aws:iam::123456789012:role/app"]}"#,
        #"{"AWS":"arn:aws:sts::123456789012:assumed-role/app/session"}"#, #"{"AWS":"arn:aws:sts::123456789012:federated-user/bob"}"#,
        #"{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}"#,
        #"{"Federated":"cognito-identity.amazonaws.com","AWS":"123456789012"}"#,
        #"{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#,
    ])
    func `every form of principal is known`(_ principal: String) throws {
        let policy = try PolicyDocument(parsing: Self.principal(principal), as: .resource)
        #expect(policy.statements.count == 1)
    }

    @Test func `single values need no brackets, and the order of blocks is free`() throws {
        let one = try PolicyDocument(
            parsing: #"{"Statement":{"Resource":"*","Action":"a:b","Effect":"Allow"},"Version":"2012-10-17"}"#,
            as: .identity
        )
        let many = try PolicyDocument(
            parsing: #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["A:B"],"Resource":["*"]}]}"#,
            as: .identity
        )
        #expect(one == many)
    }

    struct Public: CustomTestStringConvertible {
        let statement: String
        let isPublic: Bool
        var testDescription: String { self.statement }
    }

    static func open(_ condition: String = "", principal: String = #""Principal":"*""#, effect: String = "Allow") -> String {
        let block = condition.isEmpty ? "" : #","Condition":\#(condition)"#
        return #"{"Effect":"\#(effect)",\#(principal),"Action":"*","Resource":"*"\#(block)}"#
    }

    static let publics: [Public] = [
        Public(statement: open(), isPublic: true),
        Public(statement: open(principal: #""Principal":{"AWS":["123456789012","*"]}"#), isPublic: true),
        Public(statement: open(principal: #""NotPrincipal":{"AWS":"123456789012"}"#), isPublic: true),
        Public(statement: open(principal: #""Principal":{"AWS":"123456789012"}"#), isPublic: false),
        Public(statement: open(effect: "Deny"), isPublic: false),
        Public(statement: open(#"{"StringEquals":{"aws:PrincipalAccount":"123456789012"}}"#), isPublic: false),
        Public(statement: open(#"{"StringEqualsIfExists":{"aws:PrincipalAccount":"123456789012"}}"#), isPublic: true),
        Public(statement: open(#"{"StringNotEquals":{"aws:PrincipalAccount":"123456789012"}}"#), isPublic: true),
        Public(statement: open(#"{"StringEquals":{"aws:PrincipalTag/team":"db"}}"#), isPublic: true),
        Public(statement: open(#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#), isPublic: false),
        Public(statement: open(#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#), isPublic: true),
        Public(statement: open(#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}"#), isPublic: false),
        Public(statement: open(#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app"}}"#), isPublic: true),
        Public(statement: open(#"{"ForAllValues:StringEquals":{"aws:PrincipalAccount":"123456789012"}}"#), isPublic: true),
        Public(
            statement: open(#"{"StringEquals":{"aws:PrincipalAccount":"123456789012"},"Bool":{"aws:SecureTransport":"true"}}"#),
            isPublic: false
        ),
    ]

    @Test(arguments: Self.publics)
    func `a policy that lets everybody in is told from one that does not`(_ item: Public) throws {
        let policy = try PolicyDocument(parsing: Self.statement(item.statement), as: .resource)
        #expect(policy.isPublic == item.isPublic)
    }
}
