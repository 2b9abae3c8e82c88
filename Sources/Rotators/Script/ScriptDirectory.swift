import FoundationEssentials
import RotationModel

/// One rotators directory: which of its entries are meant to be rotators.
struct ScriptDirectory: Sendable {
    let path: String

    /// An entry that looks like a rotator: its name is the file name without extension.
    struct Entry: Hashable, Sendable {
        let name: RotatorName
        let path: String
        let sidecar: String
    }

    static let sidecarSuffix = ".rotator.json"

    /// In byte order. Directories, hidden files, and files that are neither executable nor begin with `#!` are not meant to be rotators.
    ///
    /// - Returns: Nothing if the directory does not exist.
    func entries() -> [Entry] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: self.path)
        } catch {
            return []
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { file in
            let path = "\(self.path)/\(file)"
            let stem = String(file.prefix { $0 != "." })
            guard let name = RotatorName(stem), name.description == stem, self.isProgram(path) else { return nil }
            return Entry(name: name, path: path, sidecar: "\(self.path)/\(stem)\(ScriptDirectory.sidecarSuffix)")
        }
    }

    private func isProgram(_ path: String) -> Bool {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory else { return false }
        if FileManager.default.isExecutableFile(atPath: path) { return true }
        guard let descriptor = FileManager.default.contents(atPath: path) else { return false }
        return descriptor.starts(with: Array("#!".utf8))
    }
}
