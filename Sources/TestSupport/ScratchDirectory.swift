import Foundation
import Glibc

/// A directory of its own for one test, removed when the last reference goes.
///
/// The path is short, because a Unix socket's path may have no more than 107 bytes.
package final class ScratchDirectory: Sendable {
    package let path: String

    /// - Parameter name: A hint for people who look into the temporary directory.
    /// - Throws: `FixtureError` when the directory cannot be made.
    package init(_ name: String = "test") throws {
        var template = Array("/tmp/kt-\(name)-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard made else { throw FixtureError("cannot make a scratch directory: \(String(cString: strerror(errno)))") }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: self.path)
        } catch CocoaError.fileNoSuchFile {
            // The test, or a supervisor, was faster.
        } catch {
            FileHandle.standardError.write(Data("cannot remove \(self.path): \(error)\n".utf8))
        }
    }

    /// The path of a file or folder in the directory; nothing is made.
    package func path(of name: String) -> String { "\(self.path)/\(name)" }

    /// Writes a file that only its owner may read.
    /// - Returns: Its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let path = self.path(of: name)
        // Foundation's writing leaves the descriptor to every child that another test starts meanwhile.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FixtureError("cannot make \(path): \(String(cString: strerror(errno)))") }
        let bytes = Array(text.utf8)
        let written = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard written == bytes.count, chmod(path, 0o600) == 0 else { throw FixtureError("cannot write \(path)") }
        try Self.waitForLastWriter(of: path)
        return path
    }

    /// A child that another test starts at this moment holds our descriptor until it executes its program, and the kernel does not execute
    /// a file that somebody may write (ETXTBSY). A read lease is granted when nobody can any more.
    private static func waitForLastWriter(of path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FixtureError("cannot read \(path)") }
        defer { close(descriptor) }
        let setLease: Int32 = 1_024
        let deadline = ContinuousClock.now + .seconds(10)
        while fcntl(descriptor, setLease, F_RDLCK) != 0, errno == EAGAIN {
            guard ContinuousClock.now < deadline else { throw FixtureError("somebody keeps \(path) open for writing") }
            usleep(1_000)
        }
        _ = fcntl(descriptor, setLease, F_UNLCK)
    }

    /// Gives the directory and all in it to another account: database servers refuse to run as root.
    package func give(to account: ServiceAccount) throws {
        var paths = [self.path]
        if let inside = FileManager.default.enumerator(atPath: self.path) {
            for case let name as String in inside { paths.append(self.path(of: name)) }
        }
        for path in paths where lchown(path, account.user, account.group) != 0 {
            throw FixtureError("cannot give \(path) to \(account.name): \(String(cString: strerror(errno)))")
        }
        guard chmod(self.path, 0o755) == 0 else { throw FixtureError("cannot open \(self.path) to others") }
    }
}
