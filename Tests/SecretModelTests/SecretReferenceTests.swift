import Foundation
import SecretModel
import Testing

/// The rules of `aws-api.md` §3.
@Suite struct SecretReferenceTests {
    private let prefix = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"

    private func kind(_ text: String) -> String {
        switch SecretReference(text) {
        case .name(let name): "name \(name)"
        case .arn(let arn): "arn \(arn.name) \(arn.suffix)"
        case .partialARN(_, let name): "partial \(name)"
        case nil: "refused"
        }
    }

    @Test func eachFormIsTakenForWhatItIs() {
        #expect(self.kind("prod/db") == "name prod/db")
        #expect(self.kind("prod/db-a1b2c3") == "name prod/db-a1b2c3")
        #expect(self.kind(self.prefix + "prod/db-aB3dE5") == "arn prod/db aB3dE5")
        #expect(self.kind(self.prefix + "prod/db") == "partial prod/db")
        #expect(self.kind(self.prefix + "name-abcd") == "partial name-abcd")
        #expect(self.kind(self.prefix + "name-a1b2c3-") == "partial name-a1b2c3-")
        #expect(self.kind(self.prefix + "name-a1b2c3") == "arn name a1b2c3")
        #expect(self.kind(self.prefix + "name-a1b2c3-xY9zW8") == "arn name-a1b2c3 xY9zW8")
        #expect(self.kind(self.prefix + "-a1b2c3") == "partial -a1b2c3")
    }

    @Test(arguments: [
        "", " prod", "prod ", "a b", "a:b", "näme", "arn:", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:", "a\n", "a\u{0}",
        "arn:aws:s3:eu-west-1:123456789012:secret:a", "arn:aws:secretsmanager:eu-west-1:12345:secret:a",
        "arn:aws:secretsmanager::123456789012:secret:a",
        "arn:aws:secretsmanager:eu-west-1:123456789012:key:a", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a b-aB3dE5",
        "arn:other:secretsmanager:eu-west-1:123456789012:secret:a-aB3dE5", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ä-aB3dE5",
    ])
    func otherTextsAreRefused(text: String) {
        #expect(SecretReference(text) == nil)
    }

    @Test func regionsHaveTheFormOfTheServiceModel() {
        for text in ["eu-west-1", "a-0", "us-gov-east-12", String(repeating: "a", count: 62) + "-1"] {
            #expect(RegionName(text)?.description == text)
        }
        let others = [
            "", "-", "-1", "1", "eu", "eu-", "eu-west", "eu-west1", "eu--1", "eu-1-", "eu-1a", "eu-1-1", "Eu-1", "eu-w1-1", "eu-1 ",
        ]
        for text in others + [String(repeating: "a", count: 63) + "-1", "eu-\u{661}", "é-1"] { #expect(RegionName(text) == nil, "\(text)") }
    }

    @Test func theLongestNameHasAnARNThatParses() throws {
        let longest = String(repeating: "n", count: 512)
        #expect(SecretName(longest) != nil)
        #expect(SecretName(longest + "n") == nil)
        let arn = try #require(SecretARN(self.prefix + longest + "-aB3dE5"))
        #expect(arn.name.description == longest)
        #expect(arn.description == self.prefix + longest + "-aB3dE5")
        #expect(SecretReference(self.prefix + longest + "n-aB3dE5") == nil)
    }

    @Test func validatedTextsAreCodedAsTextAndCheckedAgain() throws {
        let scope = SecretScope(account: .initial, region: try #require(RegionName("eu-west-1")))
        let text = String(decoding: try JSONEncoder().encode([scope]), as: UTF8.self)
        #expect(text.contains(#""account":"000000000000""#))
        #expect(try JSONDecoder().decode([SecretScope].self, from: Data(text.utf8)) == [scope])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([AccountID].self, from: Data(#"["12"]"#.utf8)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([SecretName].self, from: Data(#"["a b"]"#.utf8)) }
    }
}
