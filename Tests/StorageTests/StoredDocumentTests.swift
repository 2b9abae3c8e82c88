import RotationModel
import SecretModel
import Testing

@testable import Storage

/// What an upgrade must still read: the text of documents in stores that exist. A failure here means a migration is missing.
@Suite struct StoredDocumentTests {
    private struct Stored<Value: Codable & Equatable> {
        let value: Value
        let text: String

        func check(_ location: SourceLocation = #_sourceLocation) throws {
            #expect(try StoredDocument.text(self.value) == self.text, sourceLocation: location)
            let row = SQLRow(names: ["document"], values: [.text(self.text)])
            #expect(try row.document("document", Value.self) == self.value, sourceLocation: location)
        }
    }

    @Test func rulesKeepTheirStoredForm() throws {
        try Stored(
            value: RotationRules(
                frequency: .expression("rate(10 days)"),
                windowHours: 3,
                grace: .hours(1),
                freezes: [.init(from: Timestamp(seconds: 1), until: Timestamp(seconds: 2), reason: "audit a/b")],
                stagger: .init(group: "pair", minimumGap: .hours(2))
            ),
            text: #"{"freezes":[{"from":1000000,"reason":"audit a/b","until":2000000}],"frequency":{"expression":{"_0":"rate(10 days)"}},"#
                + #""grace":[195,2884905626637434880],"stagger":{"group":"pair","minimumGap":[390,5769811253274869760]},"windowHours":3}"#
        ).check()
        try Stored(value: RotationRules(frequency: .days(30)), text: #"{"freezes":[],"frequency":{"days":{"_0":30}}}"#).check()
    }

    @Test func tagsSettingsAndFailuresKeepTheirStoredForm() throws {
        try Stored(
            value: [Tag(key: "b", value: "1"), Tag(key: "a", value: "")],
            text: #"[{"key":"b","value":"1"},{"key":"a","value":""}]"#
        )
        .check()
        try Stored(value: RotatorSettingsData(options: ["b": "1", "a": "2"]), text: #"{"options":{"a":"2","b":"1"}}"#).check()
        try Stored(
            value: RotationFailure(.targetUnreachable, "no route", hint: "check the network", applied: .unknown),
            text: #"{"applied":"unknown","code":"target_unreachable","hint":"check the network","isRetryable":true,"message":"no route"}"#
        ).check()
        try Stored(
            value: ["pending": CandidateStatus(outcome: .refused, at: Timestamp(seconds: 3))],
            text: #"{"pending":{"at":3000000,"outcome":"refused"}}"#
        ).check()
    }

    @Test func aDocumentThatCannotBeReadIsNamedButNotQuoted() throws {
        let row = SQLRow(names: ["rules"], values: [.text(#"{"frequency": "private words"}"#)])
        #expect(throws: StoreError.failed("the store is damaged: column rules holds no RotationRules")) {
            try row.document("rules", RotationRules.self)
        }
    }

    @Test func aDocumentIsDecodedByItsBytesAndOldOnesAreForgotten() throws {
        let memory = DocumentMemory<[String]>(limit: 2)
        // é in one and in two scalars: Swift takes the texts for the same, the store does not.
        for _ in 0..<2 {
            #expect(try memory.value(in: "[\"\u{e9}\"]", column: "c").first?.unicodeScalars.count == 1)
            #expect(try memory.value(in: "[\"e\u{301}\"]", column: "c").first?.unicodeScalars.count == 2)
            #expect(try memory.value(in: "[]", column: "c").isEmpty)
            #expect(throws: StoreError.failed("the store is damaged: column c holds no Array<String>")) {
                try memory.value(in: "[1]", column: "c")
            }
        }
    }
}
