import Yams

/// Reads one YAML document and says where each mistake stands. Values keep the text that their author wrote.
struct YAMLReader {
    let file: String

    func root(of text: String) throws(ConfigurationProblem) -> YAMLNode {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw self.problem(error)
        } catch {
            throw ConfigurationProblem(file: self.file, "not YAML: \(error)")
        }
        guard let node else { throw ConfigurationProblem(file: self.file, line: 1, column: 1, "the file is empty") }
        return YAMLNode(node: node, file: self.file)
    }

    private func problem(_ error: YamlError) -> ConfigurationProblem {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            ConfigurationProblem(file: self.file, line: mark.line, column: mark.column, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ConfigurationProblem(
                file: self.file,
                line: context.mark.line,
                column: context.mark.column,
                "duplicate keys: \(duplicates.map { "\"\($0)\"" }.sorted().joined(separator: ", "))"
            )
        default:
            ConfigurationProblem(file: self.file, "not YAML: \(error)")
        }
    }
}

/// A value in a YAML document, with its place.
struct YAMLNode {
    let node: Node
    let file: String

    var line: Int { self.node.mark?.line ?? 0 }

    func problem(_ message: String) -> ConfigurationProblem {
        ConfigurationProblem(file: self.file, line: self.node.mark?.line, column: self.node.mark?.column, message)
    }

    /// The members of a mapping.
    ///
    /// - Parameter known: The keys that may stand here.
    /// - Throws: if this is no mapping, or holds an unknown key (with the nearest known one).
    func mapping(_ what: String, known: [String]) throws(ConfigurationProblem) -> YAMLMapping {
        let mapping = try self.openMapping(what)
        for (key, node) in mapping.entries where !known.contains(key) {
            let suggestion =
                nearest(to: key, among: known).map { "; did you mean \"\($0)\"?" } ?? "; known are: \(known.joined(separator: ", "))"
            throw (mapping.keys[key] ?? node).problem("unknown key \"\(key)\" in \(what)\(suggestion)")
        }
        return mapping
    }

    /// The members of a mapping whose keys are free.
    func openMapping(_ what: String) throws(ConfigurationProblem) -> YAMLMapping {
        guard case .mapping(let mapping) = self.node else { throw self.problem("\(what) must be a mapping of keys to values") }
        var entries: [(String, YAMLNode)] = []
        var keys: [String: YAMLNode] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                throw YAMLNode(node: key, file: self.file).problem("keys of \(what) must be plain text")
            }
            entries.append((name, YAMLNode(node: value, file: self.file)))
            keys[name] = YAMLNode(node: key, file: self.file)
        }
        return YAMLMapping(entries: entries, keys: keys, place: self)
    }

    func sequence(_ what: String) throws(ConfigurationProblem) -> [YAMLNode] {
        guard case .sequence(let sequence) = self.node else { throw self.problem("\(what) must be a list") }
        return sequence.map { YAMLNode(node: $0, file: self.file) }
    }

    func text(_ what: String) throws(ConfigurationProblem) -> String {
        guard let scalar = self.node.scalar else { throw self.problem("\(what) must be text") }
        return scalar.string
    }

    func bool(_ what: String) throws(ConfigurationProblem) -> Bool {
        switch try self.text(what) {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw self.problem("\(what) must be true or false")
        }
    }

    func integer(_ what: String, in range: ClosedRange<Int>) throws(ConfigurationProblem) -> Int {
        guard let value = Int(try self.text(what)), range.contains(value) else {
            throw self.problem("\(what) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func duration(_ what: String) throws(ConfigurationProblem) -> Duration {
        guard let value = DurationText.parse(try self.text(what)) else {
            throw self.problem("\(what) must be a span of time such as 30d, 12h, 90m or \"1d 12h\"")
        }
        return value
    }

    /// Whether the author wrote a bare number, `true` and the like, not quoted text.
    var isPlainScalar: Bool { self.node.scalar?.style == .plain || self.node.scalar?.style == .any }
}

/// The members of a mapping, in the order of the file.
struct YAMLMapping {
    let entries: [(String, YAMLNode)]
    let keys: [String: YAMLNode]
    let place: YAMLNode

    subscript(key: String) -> YAMLNode? { self.entries.first { $0.0 == key }?.1 }

    func required(_ key: String, in what: String) throws(ConfigurationProblem) -> YAMLNode {
        guard let node = self[key] else { throw self.place.problem("\(what) needs \"\(key)\"") }
        return node
    }
}
