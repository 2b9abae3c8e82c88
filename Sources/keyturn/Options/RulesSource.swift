import Foundation
import Glibc
import SecretModel

/// Reads a rules file for `plan` and `apply`; the daemon checks it, and says file, line and column of what is wrong.
enum RulesSource {
    static func input(_ path: String) throws -> JSONValue {
        guard access(path, R_OK) == 0 else {
            let why = String(cString: strerror(errno))
            throw CommandError(.configuration, "cannot read \(path)", why: why, next: "give the path of a rules file with -f")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(.configuration, "cannot read \(path)", why: "it is no file", next: "give the path of a rules file with -f")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandError(.configuration, "\(path) is not UTF-8 text")
        }
        return ["FileName": .string(path), "Document": .string(text)]
    }
}
