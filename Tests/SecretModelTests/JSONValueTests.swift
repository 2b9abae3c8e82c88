import SecretModel
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        #"{"username":"app","password":"a\"b\\c","port":5432,"x":[1.50,-0,1e10,true,false,null],"ä":"€😀"}"#, "[]", "{}", #""""#, "0",
        "-1.5E-3",
        #"{"z":1,"a":2,"z":3}"#, #""\u007f\u0000\n\r\t/""#, "[[[[]]]]", "123456789012345678901234567890.000",
    ])
    func documentsAreWrittenBackAsTheyWere(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.text == text)
        #expect(try JSONValue(parsing: value.bytes) == value)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "+1", "-", "1e", "0x1", "NaN",
        "Infinity", "tru", "nul",
        "\"", "\"\\", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\x\"", "\"\n\"", "1 2", "{} x", "'a'", "[1 2]",
        "\u{FEFF}1", "// c\n1",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 5_000),
    ])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        for bytes: [UInt8] in [[0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xff, 0xfe, 0x31, 0x00]] {
            #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
        }
    }

    @Test func escapesMeanTheirCharacters() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\/\b\f""#).stringValue == "é😀/\u{8}\u{c}")
    }

    @Test func settingAMemberKeepsOrderAndDropsDuplicates() throws {
        let value = try JSONValue(parsing: #"{"user":"a","password":"old","port":5432.0,"password":"older"}"#)
        #expect(value["password"]?.stringValue == "older")
        #expect(value.setting("password", to: "new").text == #"{"user":"a","port":5432.0,"password":"new"}"#)
        #expect(value.setting("dbname", to: "d").text.hasSuffix(#","dbname":"d"}"#))
    }

    @Test(
        arguments: [
            ("5432", 5432), ("5432.0", 5432), ("1e3", 1_000), ("-7", -7), ("1.5", nil), ("1e400", nil), ("99999999999999999999", nil),
        ] as [(String, Int64?)]
    )
    func integersAreWholeNumbersOnly(text: String, expected: Int64?) throws {
        #expect(try JSONValue(parsing: text).integerValue == expected)
    }
}
