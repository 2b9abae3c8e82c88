import Foundation
import Glibc
import SecretModel

/// Reads a file that its user wrote: a rules file, a policy.
enum TextFile {
    /// - Parameter next: What to do if it cannot be read.
    static func read(_ path: String, next: String) throws -> String {
        guard access(path, R_OK) == 0 else {
            throw CommandError(.configuration, "cannot read \(path)", why: String(cString: strerror(errno)), next: next)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(.configuration, "cannot read \(path)", why: "it is no file", next: next)
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandError(.configuration, "\(path) is not UTF-8 text")
        }
        return text
    }
}
