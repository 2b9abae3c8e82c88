import Access
import SecretModel
import Testing

@Suite struct AmzDateTests {
    @Test func `reads what it writes`() throws {
        let date = try #require(Timestamp(rfc3339: "2026-02-03T04:05:06Z"))
        #expect(Timestamp(amzDate: "20260203T040506Z") == date)
        #expect(date.httpDate == "Tue, 03 Feb 2026 04:05:06 GMT")
        #expect(Timestamp(httpDate: date.httpDate) == date)
    }

    @Test(arguments: [
        "", "20260230T030405Z", "20260203T250405Z", "20260203T040560Z", "20260203T040506Zx", "20260203T040506+0100",
        "2026-02-03T04:05:06Z", "20260203 040506Z", "+2026203T040506Z", "２0260203T040506Z",
    ])
    func `no other form of X-Amz-Date is a date`(_ text: String) {
        #expect(Timestamp(amzDate: text) == nil)
    }

    @Test(arguments: [
        "Mon, 03 Feb 2026 04:05:06 GMT", "Tue, 3 Feb 2026 04:05:06 GMT", "Tue, 03 Feb 2026 04:05:06 +00", "Tue, 03 Feb 26 04:05:06 GMT",
        "Tuesday, 03-Feb-26 04:05:06 GMT", "Tue, 30 Feb 2026 04:05:06 GMT", "Tue, 03 Feb 2026 4:05:066 GMT",
    ])
    func `no other form of Date is a date`(_ text: String) {
        #expect(Timestamp(httpDate: text) == nil)
    }
}
