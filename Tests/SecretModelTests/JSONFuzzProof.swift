import SecretModel
import TestSupport
import Testing

@Suite struct JSONFuzzProof {
    @Test func `what is accepted is written back as the same document`() throws {
        let examples = [
            #"{"SecretId":"prod/db","VersionStages":["AWSCURRENT"],"n":-1.5e3,"x":[true,false,null,{}]}"#, #""\u00e9\ud83d\ude00\/\b\f\n""#,
            "[[],[[]],{\"a\":{\"a\":{}}}]", "123456789012345678901234567890.000", " \t\r\n{ \"ä\" : \"€😀\" } ",
        ]
        try FuzzRun("json").run(examples: examples, tokens: ["{", "}", "[", "]", ":", ",", "null", "true", "1e5", "\\u", "\"a\":"]) {
            input in
            let value: JSONValue
            do throws(JSONSyntaxError) {
                value = try JSONValue(parsing: input)
            } catch {
                return error.description
            }
            guard String(validating: input, as: UTF8.self) != nil else { throw FixtureError("bytes that are not UTF-8 were accepted") }
            guard try JSONValue(parsing: value.bytes) == value else { throw FixtureError("another document was written back") }
            _ = (value.integerValue, value["a"], value.text)
            return "accepted"
        }
    }
}
