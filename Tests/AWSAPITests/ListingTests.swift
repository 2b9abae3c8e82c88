import SecretModel
import Testing

@Suite("Lists, pages, filters, batches (aws-api.md §3.3, §6.5, §6.7)")
struct ListingTests {
    private func fixture(_ names: [String]) async throws -> APIFixture {
        let fixture = try await APIFixture()
        for (index, name) in names.enumerated() {
            try await fixture.success(
                "CreateSecret",
                #"{"Name":"\#(name)","ClientRequestToken":"@","SecretString":"value of \#(name)"}"#,
                after: .seconds(Int64(index))
            )
        }
        return fixture
    }

    private func names(_ answer: APIFixture.Answer) -> [String] {
        answer["SecretList"]?.arrayValue?.compactMap { $0["Name"]?.stringValue } ?? []
    }

    @Test func pagesAreBoundToTheirCall() async throws {
        let fixture = try await self.fixture(["c", "a", "e", "b", "d"])
        var found: [String] = []
        var token: String?
        repeat {
            let next = token.map { #","NextToken":"\#($0)""# } ?? ""
            let page = try await fixture.success("ListSecrets", #"{"MaxResults":2\#(next)}"#)
            found += self.names(page)
            token = page.text("NextToken")
            if let token {
                let foreign = try await fixture.call("ListSecrets", #"{"SortOrder":"desc","NextToken":"\#(token)"}"#)
                #expect(foreign.text("__type") == "InvalidNextTokenException")
            }
        } while token != nil
        #expect(found == ["c", "a", "e", "b", "d"], "in the order of creation")
    }

    @Test(arguments: [
        (#"{"SortBy":"name"}"#, ["a", "b", "c"]), (#"{"SortBy":"name","SortOrder":"desc"}"#, ["c", "b", "a"]),
        (#"{"SortOrder":"desc"}"#, ["b", "a", "c"]), (#"{"Filters":[{"Key":"name","Values":["a","b"]}]}"#, ["a", "b"]),
        (#"{"Filters":[{"Key":"name","Values":["!a"]},{"Key":"name","Values":["!b"]}]}"#, ["c"]),
    ])
    func sortedAndFiltered(body: String, expected: [String]) async throws {
        let fixture = try await self.fixture(["c", "a", "b"])
        #expect(self.names(try await fixture.success("ListSecrets", body)) == expected)
    }

    @Test func aBatchReportsEachBadSecretAndKeepsTheOrder() async throws {
        let fixture = try await self.fixture(["a", "b"])
        try await fixture.success("CreateSecret", #"{"Name":"empty","ClientRequestToken":"@"}"#)
        let batch = try await fixture.success("BatchGetSecretValue", #"{"SecretIdList":["b","nosuch","a","empty","a b"]}"#)
        #expect(batch.names == ["Errors", "SecretValues"])
        #expect(batch["SecretValues"]?.arrayValue?.map { $0["SecretString"] } == ["value of b", "value of a"])
        let errors = batch["Errors"]?.arrayValue ?? []
        #expect(errors.map { $0["SecretId"] } == ["nosuch", "empty", "a b"])
        #expect(
            errors.map { $0["ErrorCode"] } == ["ResourceNotFoundException", "ResourceNotFoundException", "ValidationException"]
        )
    }

    @Test func aBatchByFilterHasPages() async throws {
        let fixture = try await self.fixture(["a1", "b", "a2", "a3"])
        let filter = #""Filters":[{"Key":"name","Values":["a"]}]"#
        let first = try await fixture.success("BatchGetSecretValue", #"{\#(filter),"MaxResults":2}"#)
        #expect(first["SecretValues"]?.arrayValue?.map { $0["Name"] } == ["a1", "a2"])
        #expect(first["Errors"] == [])
        let token = try #require(first.text("NextToken"))
        let second = try await fixture.success("BatchGetSecretValue", #"{\#(filter),"NextToken":"\#(token)"}"#)
        #expect(second["SecretValues"]?.arrayValue?.map { $0["Name"] } == ["a3"])
        #expect(second["NextToken"] == nil)
    }

    @Test func namesThatLookLikeASuffix() async throws {
        let fixture = try await self.fixture(["db", "db-a1b2c3", "db-a1b2c3-", "DB"])
        let base = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:"
        func found(_ id: String) async throws -> String? {
            try await fixture.call("DescribeSecret", #"{"SecretId":"\#(id)"}"#).text("Name")
        }
        #expect(try await found(base + "db") == "db")
        #expect(try await found("db-a1b2c3") == "db-a1b2c3")
        #expect(try await found(base + "db-a1b2c3") == nil, "taken for a complete ARN")
        #expect(try await found(base + "db-a1b2c3-") == "db-a1b2c3-")
        #expect(try await found("DB") == "DB")
        let arn = try #require(try await fixture.describe("db").text("ARN"))
        #expect(try await found(arn) == "db")
        #expect(try await found(String(arn.dropFirst(base.utf8.count))) == nil, "a name with its suffix is no id")
    }

    @Test func aRandomPasswordObeys() async throws {
        let fixture = try await APIFixture()
        #expect(try await fixture.success("GetRandomPassword", "{}").text("RandomPassword")?.count == 32)
        let digits = try await fixture.success(
            "GetRandomPassword",
            #"{"PasswordLength":64,"ExcludePunctuation":true,"ExcludeUppercase":true,"ExcludeLowercase":true,"ExcludeCharacters":"0123"}"#
        )
        #expect(digits.text("RandomPassword")?.allSatisfy { "456789".contains($0) } == true)
        let impossible = try await fixture.call("GetRandomPassword", #"{"ExcludeCharacters":"0123456789"}"#)
        #expect(impossible.text("__type") == "InvalidParameterException")
    }

    @Test func forcedDeletionOfNothingSucceeds() async throws {
        let fixture = try await APIFixture()
        let answer = try await fixture.success("DeleteSecret", #"{"SecretId":"nosuch","ForceDeleteWithoutRecovery":true}"#)
        #expect(answer.names == ["ARN", "DeletionDate", "Name"])
        #expect(answer.text("Name") == "nosuch")
    }
}
