/// A text of a policy in which policy variables may stand: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and the escapes `${*}`,
/// `${?}`, `${$}` (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).
struct PolicyText: Hashable, Sendable {
    private enum Piece: Hashable, Sendable {
        /// As written: `*` and `?` are wildcards where wildcards are known.
        case written(String)
        /// An escaped character, which never is a wildcard.
        case escaped(String)
        case variable(PolicyVariable)
    }

    private let pieces: [Piece]
    /// The pattern, where no variable can change it.
    private let fixed: WildcardPattern?

    /// - Parameter knowsVariables: Policies of version 2008-10-17 take `${` for a text like any other.
    /// - Throws: `Malformed`.
    init(_ text: String, knowsVariables: Bool) throws(Malformed) {
        let pieces = knowsVariables ? try Self.pieces(of: text) : [.written(text)]
        self.pieces = pieces
        self.fixed = pieces.contains { if case .variable = $0 { true } else { false } } ? nil : Self.pattern(of: pieces) { _ in nil }
    }

    struct Malformed: Error {
        let reason: String
    }

    /// The variables without a default: where one has no value, nothing matches.
    var neededKeys: [String] {
        self.pieces.compactMap { piece in
            guard case .variable(let variable) = piece, variable.standIn == nil else { return nil }
            return variable.key
        }
    }

    var hasVariables: Bool { self.fixed == nil }

    /// - Returns: `nil` if a variable has no value.
    func pattern(in context: RequestContext) -> WildcardPattern? {
        self.fixed ?? Self.pattern(of: self.pieces) { $0.value(in: context) }
    }

    /// The text without wildcards. `nil` if a variable has no value.
    func text(in context: RequestContext) -> String? {
        var text = ""
        for piece in self.pieces {
            switch piece {
            case .written(let part), .escaped(let part): text += part
            case .variable(let variable):
                guard let value = variable.value(in: context) else { return nil }
                text += value
            }
        }
        return text
    }

    private static func pattern(of pieces: [Piece], _ value: (PolicyVariable) -> String?) -> WildcardPattern? {
        var pattern = WildcardPattern()
        for piece in pieces {
            switch piece {
            case .written(let part): pattern.append(wildcards: part)
            case .escaped(let part): pattern.append(literal: part)
            case .variable(let variable):
                guard let value = value(variable) else { return nil }
                pattern.append(literal: value)
            }
        }
        return pattern
    }

    private static func pieces(of text: String) throws(Malformed) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text).utf8
        while let dollar = rest.indices.first(where: { rest[$0...].starts(with: "${".utf8) }) {
            if dollar > rest.startIndex { pieces.append(.written(String(Substring(rest[..<dollar])))) }
            guard let end = rest[dollar...].firstIndex(of: UInt8(ascii: "}")) else {
                throw Malformed(reason: "the policy variable has no closing }")
            }
            let inner = String(Substring(rest[rest.index(dollar, offsetBy: 2)..<end]))
            pieces.append(["*", "?", "$"].contains(inner) ? .escaped(inner) : .variable(try PolicyVariable(inner)))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty || pieces.isEmpty { pieces.append(.written(String(Substring(rest)))) }
        return pieces
    }
}

/// What stands between `${` and `}`.
struct PolicyVariable: Hashable, Sendable {
    /// A condition key, in small letters.
    let key: String
    /// What it stands for where the request has no such key.
    let standIn: String?

    init(_ inner: String) throws(PolicyText.Malformed) {
        let parts = inner.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map { CanonicalRequest.trimmed(String($0)) }
        let names = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard names.count == 2, names.allSatisfy({ !$0.isEmpty }) else {
            throw PolicyText.Malformed(reason: "${\(inner)} is no policy variable; a variable is a condition key, such as ${aws:username}")
        }
        self.key = asciiLowercased(parts[0])
        guard parts.count == 2 else {
            self.standIn = nil
            return
        }
        guard parts[1].utf8.count >= 2, parts[1].utf8.first == UInt8(ascii: "'"), parts[1].utf8.last == UInt8(ascii: "'") else {
            throw PolicyText.Malformed(reason: "the default of ${\(inner)} must stand in single quotes")
        }
        self.standIn = String(parts[1].dropFirst().dropLast())
    }

    /// Only keys with one value can be variables.
    func value(in context: RequestContext) -> String? {
        guard case .one(let value)? = context.value(self.key) else { return self.standIn }
        return value
    }
}
