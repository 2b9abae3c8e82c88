import Foundation
import Glibc
import TestSupport

/// Where a run keeps its scratch files: on the disk that is measured, and gone at the end.
struct WorkDirectory {
    let path: String

    /// Makes the directory, or uses the one that is there.
    init(_ path: String) throws {
        self.path = URL(fileURLWithPath: path).path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    /// Whether the file system is one in memory: a commit that waits for the disk waits for nothing there.
    var isInMemory: Bool {
        get throws {
            // Of the mounts above the path the longest is its own (proc(5), `/proc/PID/mounts`).
            let mounts = try readFile("/proc/self/mounts").split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count > 2 }
            let above = mounts.filter { $0[1] == "/" || (self.path + "/").hasPrefix($0[1] + "/") }
            return above.max { $0[1].count < $1[1].count }.map { $0[2] == "tmpfs" } ?? false
        }
    }

    /// Runs `body` with a new directory, which is removed afterwards.
    func withScratch<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        var template = Array("\(self.path)/scratch-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw FixtureError("cannot make a directory in \(self.path): \(String(cString: strerror(errno)))")
        }
        let scratch = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            do {
                try FileManager.default.removeItem(atPath: scratch)
            } catch {
                Progress.note("cannot remove \(scratch): \(error)")
            }
        }
        return try await body(scratch)
    }
}
