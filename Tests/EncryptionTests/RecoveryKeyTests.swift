import Encryption
import SecretModel
import Testing

@Suite struct RecoveryKeyTests {
    @Test func theRootKeyComesBackFromWhatAPersonTyped() throws {
        let (root, recovery) = (RootKey.random(), RecoveryKey.random())
        let wrapped = try root.wrapped(under: recovery)
        let shown = try #require(recovery.text.string)
        #expect(shown.split(separator: "-").count == 14)
        for typed in [shown, shown.lowercased(), shown.replacing("-", with: " "), "  " + shown.replacing("-", with: "") + "\n"] {
            let again = try RootKey(unwrapping: wrapped, with: RecoveryKey(text: SecretValue(string: typed)))
            #expect(again.checkValue == root.checkValue)
        }
    }

    @Test func everySingleMistypedCharacterIsNoticed() throws {
        let shown = Array(try #require(RecoveryKey.random().text.string))
        for index in shown.indices where shown[index] != "-" {
            var typed = shown
            typed[index] = shown[index] == "A" ? "B" : "A"
            #expect(throws: RecoveryKeyTextError.mistyped) { try RecoveryKey(text: SecretValue(string: String(typed))) }
        }
    }

    @Test func otherTextsSayWhatIsWrong() throws {
        let shown = try #require(RecoveryKey.random().text.string)
        #expect(throws: RecoveryKeyTextError.wrongLength(0)) { try RecoveryKey(text: SecretValue(string: "")) }
        #expect(throws: RecoveryKeyTextError.wrongLength(55)) { try RecoveryKey(text: SecretValue(string: String(shown.dropLast()))) }
        #expect(throws: RecoveryKeyTextError.unexpectedCharacter(position: 1)) {
            try RecoveryKey(text: SecretValue(string: "1" + shown.dropFirst()))
        }
    }

    @Test func anotherRecoveryKeyOrAlteredBytesDoNotOpen() throws {
        let recovery = RecoveryKey.random()
        let wrapped = try RootKey.random().wrapped(under: recovery)
        #expect(throws: EncryptionError.wrongRecoveryKey) { try RootKey(unwrapping: wrapped, with: RecoveryKey.random()) }
        #expect(throws: EncryptionError.wrongRecoveryKey) { try RootKey(unwrapping: Array(wrapped.dropLast()), with: recovery) }
        #expect(throws: EncryptionError.wrongRecoveryKey) { try RootKey(unwrapping: [], with: recovery) }
    }

    @Test func i8NothingOfAKeyIsPrinted() throws {
        let root = RootKey.random()
        let keyring = try Keyring.create(defaultKey: KeyID("k"), rootKey: root).keyring
        for subject in [root, RecoveryKey.random(), RecoveryKey.random().text, keyring] as [any Sendable] {
            var dumped = ""
            dump(subject, to: &dumped)
            #expect("\(subject)" == "<redacted>")
            #expect(String(reflecting: subject) == "<redacted>")
            #expect(dumped == "- <redacted>\n")
        }
    }
}
