import Foundation
import Glibc

/// Counts what a real daemon puts on disk, and kills it at a chosen sync of its store.
///
/// The product has no hooks for it: a small library (`CSyncFaults`) is preloaded into the daemon's process, and stands before the C library's
/// `fdatasync`. Counters live in a file, so that they outlast the process.
package struct SyncFaults: Sendable {
    /// When at the chosen sync the process dies.
    package enum Moment: String, CaseIterable, Sendable {
        /// As when the power fails: whatever was written and not synced is gone.
        case lost
        /// What was to be synced is on disk, and the process knows nothing of it yet.
        case kept
    }

    private let path: String
    /// The variables that the daemon has to be started with.
    package let environment: [String: String]

    /// - Parameter store: The absolute path of the daemon's store.
    package init(_ scratch: ScratchDirectory, store: String) throws {
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let library = URL(filePath: runner).deletingLastPathComponent().appending(path: "libSyncFaults.so").path
        guard FileManager.default.fileExists(atPath: library) else { throw FixtureError("\(library) was not built") }
        self.path = try scratch.write(String(repeating: "\0", count: 24), to: "sync-faults")
        self.environment = [
            "LD_PRELOAD": library, "KEYTURN_SYNC_FAULTS": self.path, "KEYTURN_SYNC_FAULTS_STORE": store,
        ]
    }

    /// How many times the store was synced so far.
    package func count() throws -> Int {
        let words = try Data(contentsOf: URL(filePath: self.path)).withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
        guard words.count == 3 else { throw FixtureError("\(self.path) is no control file") }
        return Int(words[0])
    }

    /// The process dies at the `number`th sync from now on, counted from 1; `nil`: at none.
    package func arm(_ number: Int?, _ moment: Moment = .kept) throws {
        let strike = try number.map { UInt64(try self.count() + $0) } ?? 0
        let words: [UInt64] = [strike, moment == .lost ? 1 : 0]
        let file = try FileHandle(forWritingTo: URL(filePath: self.path))
        defer { file.closeFile() }
        // The count before it belongs to the process.
        try file.seek(toOffset: 8)
        try words.withUnsafeBytes { try file.write(contentsOf: Data($0)) }
    }
}
