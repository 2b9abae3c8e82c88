import Foundation
import Testing

/// Reads the imports of every source file: SwiftPM lets a transitively built module be imported, so the arrows need a test of their own.
@Suite struct ImportTests {
    private static let sources = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

    @Test func everyRoomHasARule() throws {
        let rooms = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
            .filter { !$0.hasPrefix("C") || $0 == "CertificateAuthority" || $0 == "ConfigurationFiles" }
            .filter { !$0.contains(".") }
        #expect(Set(rooms) == Set(ImportRules.rooms.keys))
    }

    @Test(arguments: ImportRules.rooms.keys.sorted())
    func importsOnlyWhatItMay(room: String) throws {
        let allowed = try #require(ImportRules.rooms[room])
        for (file, module) in try Self.imports(of: room) {
            if ImportRules.rooms[module] != nil {
                #expect(allowed.contains(module), "\(file) imports \(module): no such arrow in design.md §3")
            }
            if let owners = ImportRules.owners[module] {
                #expect(owners.contains(room), "\(file) imports \(module), which belongs to \(owners.sorted())")
            }
        }
    }

    @Test func arrowsPointDown() {
        var finished: Set<String> = []
        var left = ImportRules.rooms
        while !left.isEmpty {
            let ready = left.filter { $0.value.filter { ImportRules.rooms[$0] != nil }.isSubset(of: finished) }.map(\.key)
            guard !ready.isEmpty else {
                Issue.record("the rooms \(left.keys.sorted()) import each other in a circle")
                return
            }
            finished.formUnion(ready)
            for room in ready { left[room] = nil }
        }
    }

    /// Sealed against GRDB leaking upwards: only the driver's folder knows the library.
    @Test func onlyTheSQLiteDriverKnowsGRDB() throws {
        for (file, module) in try Self.imports(of: "Storage") where module.hasPrefix("GRDB") {
            #expect(file.contains("/SQLite/"), "\(file) imports GRDB outside Storage/SQLite")
        }
    }

    private static func imports(of room: String) throws -> [(file: String, module: String)] {
        let folder = self.sources.appending(path: room)
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return try files.filter { $0.pathExtension == "swift" }.flatMap { file in
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard let keyword = words.firstIndex(of: "import"), keyword <= 2, words.count > keyword + 1,
                    words[..<keyword].allSatisfy({ $0.hasPrefix("@") || $0 == "package" || $0 == "internal" })
                else { return nil }
                let module = words[keyword + 1].split(separator: ".").first.map(String.init) ?? ""
                return (file.path, ["struct", "enum", "class", "protocol", "func"].contains(module) ? "" : module)
            }
        }
    }
}
