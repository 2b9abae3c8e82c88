import Foundation
import Synchronization
import TestSupport

/// Reads arguments and environment of a process and of all its descendants, again and again: as anybody on the host could with `ps e`.
final class ProcessSpy: Sendable {
    private struct State {
        var isAtWork = true
        var looks = 0
        var seen: Set<Data> = []
    }

    private let state = Mutex(State())

    init(on process: Int32) {
        Worker.start {
            while self.state.withLock({ $0.isAtWork }) {
                let found = Set(Self.family(of: process).flatMap(Self.papers(of:)))
                self.state.withLock {
                    $0.looks += 1
                    $0.seen.formUnion(found)
                }
                usleep(5_000)
            }
        }
    }

    /// How often it looked, and every argument list and environment that it saw.
    func end() -> (looks: Int, papers: [Data]) {
        self.state.withLock {
            $0.isAtWork = false
            return ($0.looks, Array($0.seen))
        }
    }

    /// The process and its descendants. One that ends meanwhile is none.
    private static func family(of process: Int32) -> [Int32] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return [process] }
        var parents: [Int32: Int32] = [:]
        // A descendant has a greater number, until the numbers begin again.
        for case let id? in names.map({ Int32($0) }) where id > process {
            guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                let fields = status.split(separator: ")").last?.split(separator: " "), fields.count > 1
            else { continue }
            parents[id] = Int32(fields[1])
        }
        var family: Set = [process]
        while true {
            let more = parents.filter { family.contains($0.value) && !family.contains($0.key) }.keys
            if more.isEmpty { return Array(family) }
            family.formUnion(more)
        }
    }

    private static func papers(of process: Int32) -> [Data] {
        ["cmdline", "environ"].compactMap { try? Data(contentsOf: URL(filePath: "/proc/\(process)/\($0)")) }
    }
}
