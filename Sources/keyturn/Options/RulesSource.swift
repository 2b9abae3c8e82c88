import SecretModel

/// Reads a rules file for `plan` and `apply`; the daemon checks it, and says file, line and column of what is wrong.
enum RulesSource {
    static func input(_ path: String) throws -> JSONValue {
        let text = try TextFile.read(path, next: "give the path of a rules file with -f")
        return ["FileName": .string(path), "Document": .string(text)]
    }
}
