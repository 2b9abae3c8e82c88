/// Why a text is no policy, and where.
package struct PolicySyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        case version
        case principal
        case other
    }

    package let kind: Kind
    /// The element: `Statement[2].Condition.StringEquals`, counted from 1; empty for the document itself.
    package let path: String
    /// What is wrong with it, and what is expected instead.
    package let reason: String

    package var description: String { self.path.isEmpty ? self.reason : "\(self.path): \(self.reason)" }
}
