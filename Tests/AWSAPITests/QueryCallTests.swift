import AWSAPI
import SecretModel
import Testing

@Suite("The query protocol of STS (clients.md §1)")
struct QueryCallTests {
    @Test func `a form says its action, percent signs and plus signs decoded`() throws {
        let call = try #require(QueryCall(Array("Version=2011-06-15&Action=Get%43aller+Identity".utf8)))
        #expect(call.action == "GetCaller Identity")
        #expect(call.target == "sts.GetCaller Identity")
    }

    @Test(arguments: ["", "{}", "Version=2011-06-15", "Action=%zz", "Action=%ff"])
    func `what is no form with an action is no call`(_ body: String) {
        #expect(QueryCall(Array(body.utf8)) == nil)
    }

    @Test func `bytes that are no UTF-8 are no call`() { #expect(QueryCall(Array("Action=".utf8) + [0xff]) == nil) }

    @Test func `no call shows its parameters (I8)`() throws {
        let call = try #require(QueryCall(Array("Action=AssumeRole&TokenCode=123456".utf8)))
        #expect("\(call)" == "<redacted>")
        #expect(String(reflecting: call) == "<redacted>")
    }
}
