import TestSupport
import Testing

@testable import Storage

/// The drivers that the conformance suite runs against.
enum TestedDriver: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, memory

    var testDescription: String { self.rawValue }

    /// Opens the installation's store.
    func driver(in directory: ScratchDirectory) throws -> any StoreDriver {
        switch self {
        case .sqlite: try SQLiteDriver(path: directory.path(of: "store.sqlite"))
        case .memory: try SQLiteMemoryDriver()
        }
    }
}
