import SecretModel
import Testing

@Suite struct SecretValueTests {
    @Test(arguments: [SecretValue(string: "hunter2"), SecretValue(binary: Array("hunter2".utf8))])
    func i8NothingPrintsTheValue(value: SecretValue) {
        var dumped = ""
        dump(value, to: &dumped)
        dump(value.content, to: &dumped)
        dump([value], to: &dumped)
        dump(["k": Optional(value)], to: &dumped)
        let printed = [
            "\(value)", "\(value.content)", "\([value])", "\(Optional(value) as Any)", String(describing: value), String(reflecting: value),
            String(reflecting: value.content), String(reflecting: [value]), dumped, "\(Mirror(reflecting: value).children.map { "\($0)" })",
        ]
        for text in printed {
            #expect(!text.contains("hunter2"))
            // The bytes of "hunter2" as numbers.
            #expect(!text.contains("104, 117"))
            #expect(!text.contains("- 104"))
        }
    }

    @Test func sameMeansKindAndBytes() {
        #expect(SecretValue(string: "a").isSame(as: SecretValue(string: "a")))
        #expect(!SecretValue(string: "a").isSame(as: SecretValue(binary: [97])))
        #expect(!SecretValue(string: "\u{e9}").isSame(as: SecretValue(string: "e\u{301}")))
        #expect(!SecretValue(string: "a").isSame(as: SecretValue(string: "")))
    }

    @Test func aMadeVersionIDIsAUUIDOfVersion4WithAllItsDigits() {
        var numbers: [UInt64] = [0x0123_4567_89ab_cdef, 0x0000_0abc_0000_0001]
        var source = RandomNumbers { numbers.removeFirst() }
        #expect(VersionID(using: &source).description == "01234567-89ab-4def-8000-0abc00000001")
    }

    private struct RandomNumbers: RandomNumberGenerator {
        let draw: () -> UInt64

        mutating func next() -> UInt64 { self.draw() }
    }

    @Test func versionIDsAreTokensOf32To64Characters() {
        var generator = SystemRandomNumberGenerator()
        let id = VersionID(using: &generator).description
        #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(VersionID("terraform-20260101000000000000000001") != nil)
        for text in [
            String(repeating: "x", count: 31), String(repeating: "x", count: 65), String(repeating: "é", count: 20),
            String(repeating: " ", count: 32),
        ] {
            #expect(VersionID(text) == nil)
        }
    }
}
