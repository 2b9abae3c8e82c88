import SecretModel

/// `KEY=VALUE` arguments.
enum KeyValue {
    static func tags(_ arguments: [String]) throws -> JSONValue? {
        guard !arguments.isEmpty else { return nil }
        return .array(try self.parse(arguments, "--tag").map { ["Key": .string($0.key), "Value": .string($0.value)] })
    }

    /// The values of one key together, in the order of the keys.
    static func context(_ arguments: [String]) throws -> JSONValue {
        var keys: [(key: String, values: [JSONValue])] = []
        for (key, value) in try self.parse(arguments, "--context") {
            if let index = keys.firstIndex(where: { $0.key == key }) {
                keys[index].values.append(.string(value))
            } else {
                keys.append((key, [.string(value)]))
            }
        }
        return .array(keys.map { ["Key": .string($0.key), "Values": .array($0.values)] })
    }

    private static func parse(_ arguments: [String], _ option: String) throws -> [(key: String, value: String)] {
        try arguments.map { argument in
            guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
                throw CommandError(.usage, "\"\(argument)\" is no KEY=VALUE", next: "write \(option) KEY=VALUE")
            }
            return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
        }
    }
}
