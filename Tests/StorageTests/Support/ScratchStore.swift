import Foundation
import Testing

@testable import Storage

/// A directory of one test, removed when the test lets go of it.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        self.path = FileManager.default.temporaryDirectory.appendingPathComponent("keyturn-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    func file(_ name: String) -> String { "\(self.path)/\(name)" }

    deinit {
        // Nothing depends on the removal, and a deinitializer has nobody to tell.
        try? FileManager.default.removeItem(atPath: self.path)
    }
}

/// The drivers that the conformance suite runs against.
enum TestedDriver: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite

    var testDescription: String { self.rawValue }

    /// Opens the installation's store; opening it again gives the same rows.
    func driver(in directory: ScratchDirectory) throws -> any StoreDriver {
        switch self {
        case .sqlite: try SQLiteDriver(path: directory.file("store.sqlite"))
        }
    }
}
