import Foundation
import TestSupport

/// The wall clock of a daemon and of its clients, which a test moves while they run. It goes on from where it was set; monotonic time, which
/// deadlines and leases go by, is not moved, as on a real host.
final class HostClock: Sendable {
    /// For every program that shall live by this clock.
    let environment: [String: String]
    private let file: String

    /// - Parameter now: What the clock shows at first.
    init(_ scratch: ScratchDirectory, at now: Date) async throws {
        self.file = scratch.path(of: "clock")
        self.environment = ["LD_PRELOAD": try await Self.library.value.path(of: "clock.so"), "KEYTURN_TEST_CLOCK": self.file]
        try scratch.write(String(repeating: "\0", count: MemoryLayout<Int64>.size), to: "clock")
        try self.set(to: now)
    }

    func set(to now: Date) throws {
        var moved = Int64((now.timeIntervalSince1970 - Date().timeIntervalSince1970).rounded())
        let handle = try FileHandle(forUpdating: URL(filePath: self.file))
        try handle.write(contentsOf: withUnsafeBytes(of: &moved) { Data($0) })
        try handle.close()
    }

    /// What the clock shows: `2030-03-10T12:00:00Z`.
    static func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    private static let library = Task {
        let scratch = try ScratchDirectory("clock")
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/clock.c").path
        try await Tool.run(["clang", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", scratch.path(of: "clock.so"), source])
        return scratch
    }
}
