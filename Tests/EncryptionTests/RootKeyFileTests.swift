import Encryption
import Foundation
import SecretModel
import Testing

@Suite final class RootKeyFileTests {
    private let directory: String

    init() throws {
        self.directory = NSTemporaryDirectory() + "keyturn-root-key-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.directory)
    }

    private var path: String { self.directory + "/root.key" }

    private func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.path)
    }

    @Test func aWrittenKeyIsReadAgainAndHasMode0600() throws {
        let key = RootKey.random()
        try key.write(toNewFile: self.path)
        #expect(try RootKey.load(from: self.path).checkValue == key.checkValue)
        #expect(try FileManager.default.attributesOfItem(atPath: self.path)[.posixPermissions] as? Int == 0o600)
        let text = try String(contentsOfFile: self.path, encoding: .utf8)
        #expect(text.hasPrefix("keyturn-root-key-v1:") && text.hasSuffix("\n") && text.utf8.count == 65)
    }

    @Test func anExistingFileIsNeverOverwritten() throws {
        try self.write("something of value")
        #expect(throws: RootKeyFileError.alreadyExists(path: self.path)) { try RootKey.random().write(toNewFile: self.path) }
        #expect(try String(contentsOfFile: self.path, encoding: .utf8) == "something of value")
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o666, 0o601, 0o644])
    func aFileThatOthersCanReachIsRefused(mode: Int) throws {
        try RootKey.random().write(toNewFile: self.path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.path)
        let error = try #require(throws: RootKeyFileError.self) { try RootKey.load(from: self.path) }
        #expect(error == .openToOthers(path: self.path, mode: UInt32(mode)))
        #expect(error.description.contains(self.path))
        #expect(error.description.contains("0" + String(mode, radix: 8)))
        #expect(error.description.contains("chmod 0600"))
    }

    @Test func whatIsMissingOrNoFileIsNamed() throws {
        #expect(throws: RootKeyFileError.missing(path: self.path)) { try RootKey.load(from: self.path) }
        #expect(throws: RootKeyFileError.notAFile(path: self.directory)) { try RootKey.load(from: self.directory) }
        let nowhere = self.directory + "/none/root.key"
        let error = try #require(throws: RootKeyFileError.self) { try RootKey.random().write(toNewFile: nowhere) }
        #expect(error.description.contains("No such file or directory"))
    }

    @Test func aMalformedFileIsRefusedWithoutShowingIt() throws {
        let good = "keyturn-root-key-v1:" + Data(repeating: 7, count: 32).base64EncodedString()
        let bad = [
            "", "\n", "keyturn-root-key-v1:", good.dropLast().description, good + "\n\n", " " + good, good + " ",
            "keyturn-root-key-v2" + good.dropFirst(19),
            "keyturn-root-key-v1:" + Data(repeating: 7, count: 31).base64EncodedString(), good + good, String(repeating: "A", count: 5_000),
        ]
        for text in bad {
            try self.write(text)
            let error = try #require(throws: RootKeyFileError.self) { try RootKey.load(from: self.path) }
            #expect(error == .malformed(path: self.path), "\(text.utf8.count) bytes")
        }
        try self.write(good)
        #expect(throws: Never.self) { try RootKey.load(from: self.path) }
    }

    @Test func theCheckValueTellsAWrongRootKey() throws {
        let key = RootKey.random()
        #expect(throws: Never.self) { try key.verify(checkValue: key.checkValue) }
        #expect(throws: EncryptionError.wrongRootKey) { try RootKey.random().verify(checkValue: key.checkValue) }
        #expect(throws: EncryptionError.wrongRootKey) { try key.verify(checkValue: []) }
        #expect(throws: EncryptionError.wrongRootKey) { try key.verify(checkValue: Array(key.checkValue.dropLast())) }
    }
}
