import Access
import SecretModel
import Testing

@Suite struct ConditionTests {
    struct Case: CustomTestStringConvertible {
        let condition: String
        let context: [String: RequestContext.Value]
        let holds: Bool

        init(_ condition: String, _ context: [String: RequestContext.Value], _ holds: Bool) {
            (self.condition, self.context, self.holds) = (condition, context, holds)
        }

        var testDescription: String { "\(self.condition) with \(self.context)" }
    }

    static func holds(_ condition: String, _ context: [String: RequestContext.Value]) throws -> Bool {
        let text = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":\#(condition)}}"#
        let policy = AttachedPolicy(name: "p", document: try PolicyDocument(parsing: text, as: .identity))
        let request = AccessRequest(
            principal: .user(.initial, name: "ann"),
            action: "a:b",
            resource: "*",
            account: .initial,
            context: RequestContext(context)
        )
        return PolicyEvaluation(identity: IdentityPolicies(policies: [policy])).decide(request).isAllowed
    }

    @Test(arguments: Self.strings + Self.numbersAndDates + Self.others + Self.sets + Self.variables)
    func `conditions hold as the guide says`(_ item: Case) throws {
        #expect(try Self.holds(item.condition, item.context) == item.holds)
    }

    static let strings: [Case] = [
        Case(#"{"StringEquals":{"k:a":"x"}}"#, ["k:a": .one("x")], true),
        Case(#"{"StringEquals":{"K:A":"x"}}"#, ["k:a": .one("x")], true),
        Case(#"{"StringEquals":{"k:a":"x"}}"#, ["k:a": .one("X")], false),
        Case(#"{"StringEquals":{"k:a":["y","x"]}}"#, ["k:a": .one("x")], true),
        Case(#"{"StringEquals":{"k:a":"x*"}}"#, ["k:a": .one("xy")], false),
        Case(#"{"StringEquals":{"k:a":"x"}}"#, [:], false),
        Case(#"{"StringEquals":{"k:a":"x","k:b":"y"}}"#, ["k:a": .one("x")], false),
        Case(#"{"StringEquals":{"k:a":"x"},"StringNotEquals":{"k:b":"y"}}"#, ["k:a": .one("x"), "k:b": .one("y")], false),
        Case(#"{"StringEqualsIfExists":{"k:a":"x"}}"#, [:], true),
        Case(#"{"StringEqualsIfExists":{"k:a":"x"}}"#, ["k:a": .one("y")], false),
        Case(#"{"StringNotEquals":{"k:a":["x","y"]}}"#, ["k:a": .one("y")], false),
        Case(#"{"StringNotEquals":{"k:a":["x","y"]}}"#, ["k:a": .one("z")], true),
        Case(#"{"StringNotEquals":{"k:a":"x"}}"#, [:], true),
        Case(#"{"StringEqualsIgnoreCase":{"k:a":"Straße"}}"#, ["k:a": .one("STRAßE")], true),
        Case(#"{"StringNotEqualsIgnoreCase":{"k:a":"x"}}"#, ["k:a": .one("X")], false),
        Case(#"{"StringLike":{"k:a":"prod/*/db-?"}}"#, ["k:a": .one("prod/eu/west/db-1")], true),
        Case(#"{"StringLike":{"k:a":"prod/*/db-?"}}"#, ["k:a": .one("prod/eu/db-12")], false),
        Case(#"{"StringLike":{"k:a":"a?c"}}"#, ["k:a": .one("aéc")], true),
        Case(#"{"StringNotLike":{"k:a":"prod*"}}"#, ["k:a": .one("production")], false),
        Case(#"{"StringNotLike":{"k:a":"prod*"}}"#, [:], true),
        // Swift's own equality would take these for the same.
        Case(#"{"StringEquals":{"k:a":"\u00e9"}}"#, ["k:a": .one("e\u{301}")], false),
    ]

    static let numbersAndDates: [Case] = [
        Case(#"{"NumericEquals":{"k:n":"7.0"}}"#, ["k:n": .one("7")], true),
        Case(#"{"NumericNotEquals":{"k:n":7}}"#, ["k:n": .one("7")], false),
        Case(#"{"NumericLessThan":{"k:n":"7"}}"#, ["k:n": .one("7")], false),
        Case(#"{"NumericLessThanEquals":{"k:n":7}}"#, ["k:n": .one("7")], true),
        Case(#"{"NumericGreaterThan":{"k:n":"7"}}"#, ["k:n": .one("30")], true),
        Case(#"{"NumericGreaterThanEquals":{"k:n":"7"}}"#, ["k:n": .one("6")], false),
        Case(#"{"NumericLessThan":{"k:n":"7"}}"#, ["k:n": .one("many")], false),
        Case(#"{"NumericGreaterThanIfExists":{"k:n":"7"}}"#, [:], true),
        Case(#"{"DateGreaterThan":{"aws:CurrentTime":"2026-11-21T00:00:00Z"}}"#, ["aws:CurrentTime": .one("2026-11-21T00:00:01Z")], true),
        Case(
            #"{"DateLessThan":{"aws:CurrentTime":"2026-11-21T02:00:00+02:00"}}"#,
            ["aws:CurrentTime": .one("2026-11-21T00:00:00Z")],
            false
        ),
        Case(#"{"DateLessThanEquals":{"aws:CurrentTime":"2026-11-21"}}"#, ["aws:CurrentTime": .one("2026-11-21T00:00:00Z")], true),
        Case(#"{"DateEquals":{"aws:EpochTime":"1970-01-02T00:00Z"}}"#, ["aws:EpochTime": .one("86400")], true),
        Case(#"{"DateNotEquals":{"aws:EpochTime":"1970"}}"#, ["aws:EpochTime": .one("0")], false),
        Case(#"{"DateGreaterThanEquals":{"aws:EpochTime":"86400"}}"#, ["aws:EpochTime": .one("86400")], true),
        Case(#"{"DateGreaterThan":{"aws:CurrentTime":"2026-11"}}"#, ["aws:CurrentTime": .one("2026-11-01T00:00:00Z")], false),
    ]

    static let others: [Case] = [
        Case(#"{"Bool":{"aws:SecureTransport":"true"}}"#, ["aws:SecureTransport": .one("true")], true),
        Case(#"{"Bool":{"aws:SecureTransport":false}}"#, ["aws:SecureTransport": .one("true")], false),
        Case(#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#, [:], false),
        Case(#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#, [:], true),
        Case(#"{"BinaryEquals":{"k:b":"aGk="}}"#, ["k:b": .one("aGk=")], true),
        Case(#"{"BinaryEquals":{"k:b":"aGk="}}"#, ["k:b": .one("aGo=")], false),
        Case(#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/9","203.0.113.7"]}}"#, ["aws:SourceIp": .one("10.127.255.255")], true),
        Case(#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/9"}}"#, ["aws:SourceIp": .one("10.128.0.0")], false),
        Case(#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#, ["aws:SourceIp": .one("::ffff:10.1.2.3")], true),
        Case(#"{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}"#, ["aws:SourceIp": .one("2001:db8:1::1")], true),
        Case(#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, ["aws:SourceIp": .one("203.0.113.9")], false),
        Case(#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, [:], true),
        Case(
            #"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app-*"}}"#,
            ["aws:PrincipalArn": .one("arn:aws:iam::123456789012:role/app-1")],
            true
        ),
        Case(
            #"{"ArnEquals":{"aws:PrincipalArn":"arn:*:role/app"}}"#.replacingColons,
            ["aws:PrincipalArn": .one("arn:aws:iam::1:role/app")],
            false
        ),
        Case(#"{"ArnEquals":{"k:a":"arn:aws:sns:*:1:a*"}}"#, ["k:a": .one("arn:aws:sns:eu-west-1:1:abc:def")], true),
        Case(#"{"ArnNotLike":{"k:a":"arn:aws:sns:*:*:*"}}"#, ["k:a": .one("arn:aws:sns:eu-west-1:1:x")], false),
        Case(#"{"ArnNotEquals":{"k:a":"arn:aws:sns:*:*:*"}}"#, [:], true),
        Case(#"{"ArnLike":{"k:a":"*"}}"#, ["k:a": .one("anything")], true),
        Case(#"{"Null":{"k:a":"true"}}"#, [:], true),
        Case(#"{"Null":{"k:a":true}}"#, ["k:a": .one("")], false),
        Case(#"{"Null":{"k:a":"false"}}"#, ["k:a": .one("x")], true),
        Case(#"{"Null":{"k:a":"true"}}"#, ["k:a": .many([])], true),
    ]

    static let sets: [Case] = [
        Case(#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#, ["aws:TagKeys": .many(["a", "b"])], true),
        Case(#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#, ["aws:TagKeys": .many(["a", "c"])], false),
        Case(#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}}"#, [:], true),
        Case(#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}}"#, ["aws:TagKeys": .many(["c", "b"])], true),
        Case(#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["a"]}}"#, ["aws:TagKeys": .many(["c"])], false),
        Case(#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["a"]}}"#, [:], false),
        Case(#"{"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":["a"]}}"#, [:], true),
        Case(#"{"ForAllValues:StringNotEquals":{"aws:TagKeys":["a"]}}"#, ["aws:TagKeys": .many(["b", "a"])], false),
        Case(#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]}}"#, ["aws:TagKeys": .many(["b", "a"])], true),
        Case(#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]}}"#, [:], false),
        Case(#"{"ForAllValues:StringLike":{"aws:TagKeys":["team-*"]}}"#, ["aws:TagKeys": .many(["team-a", "team-b"])], true),
    ]

    static let variables: [Case] = [
        Case(#"{"StringEquals":{"k:a":"${aws:username}"}}"#, ["k:a": .one("ann"), "aws:username": .one("ann")], true),
        Case(#"{"StringEquals":{"k:a":"x-${AWS:UserName}-y"}}"#, ["k:a": .one("x-ann-y"), "aws:username": .one("ann")], true),
        Case(#"{"StringEquals":{"k:a":"${aws:PrincipalTag/team, 'none'}"}}"#, ["k:a": .one("none")], true),
        Case(#"{"StringNotEquals":{"k:a":"${aws:PrincipalTag/team}"}}"#, ["k:a": .one("none")], false),
        Case(#"{"StringEquals":{"k:a":["x","${aws:PrincipalTag/team}"]}}"#, ["k:a": .one("x")], false),
        Case(#"{"StringLike":{"k:a":"a${*}b*"}}"#, ["k:a": .one("a*bc")], true),
        Case(#"{"StringLike":{"k:a":"a${*}b*"}}"#, ["k:a": .one("axbc")], false),
        Case(#"{"StringEquals":{"k:a":"${$}{aws:username}"}}"#, ["k:a": .one("${aws:username}")], true),
        // What stands for a variable is a text, not a pattern.
        Case(#"{"StringLike":{"k:a":"${aws:username}"}}"#, ["k:a": .one("ann"), "aws:username": .one("*")], false),
        Case(#"{"StringEquals":{"k:a":"${aws:TagKeys}"}}"#, ["k:a": .one("x"), "aws:TagKeys": .many(["x"])], false),
        Case(
            #"{"ArnLike":{"k:a":"arn:aws:iam::*:user/${aws:username}"}}"#,
            ["k:a": .one("arn:aws:iam::123456789012:user/ann"), "aws:username": .one("ann")],
            true
        ),
    ]
}

extension String {
    /// `arn:*:role/app` with the four parts between that an ARN needs.
    fileprivate var replacingColons: String { self.replacing("arn:*:role", with: "arn:*::*::role") }
}
