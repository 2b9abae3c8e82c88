import Foundation
import SecretModel
import TestSupport

/// The target of `Scripts/file-target.py`: a directory in which the test holds steps, and sees what the target accepts.
struct FileTarget {
    let path: String
    private let account: String

    /// - Parameter account: Its name; each has a directory of its own.
    init(_ scratch: ScratchDirectory, account: String = "app", password: String) throws {
        self.account = account
        self.path = scratch.path(of: "target-\(account)")
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
        try self.set(password: password)
    }

    /// What somebody at the target itself does.
    func set(password: String) throws {
        try password.write(toFile: self.path + "/password", atomically: true, encoding: .utf8)
    }

    func value(_ password: String) -> JSONValue {
        [
            "engine": "file", "host": "localhost", "path": .string(self.path), "username": .string(self.account),
            "password": .string(password),
        ]
    }

    func password() throws -> String { try readFile(self.path + "/password") }

    func set(_ flag: String) throws { try "".write(toFile: "\(self.path)/\(flag)", atomically: true, encoding: .utf8) }
    func clear(_ flag: String) throws { try FileManager.default.removeItem(atPath: "\(self.path)/\(flag)") }

    /// Each call: step, run, hash of the pending value.
    func calls() throws -> [[String]] {
        guard FileManager.default.fileExists(atPath: self.path + "/calls") else { return [] }
        return try readFile(self.path + "/calls").split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// A rotators directory that holds the script.
    static func rotators(_ scratch: ScratchDirectory) throws -> String {
        let directory = scratch.path(of: "rotators")
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/file-target.py").path
        let copy = directory + "/file-target.py"
        if !FileManager.default.fileExists(atPath: copy) { try scratch.write(try readFile(script), to: "rotators/file-target.py") }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy)
        return directory
    }
}
