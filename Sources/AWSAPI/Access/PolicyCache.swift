import Access
import NIOConcurrencyHelpers

/// Parsed policies of resources, roles and sessions by their text: it says everything about them, so none ever goes stale.
final class PolicyCache: Sendable {
    /// More than this at once is not worth remembering: the cache starts again.
    private static let capacity = 1_000

    private struct Source: Hashable {
        let kind: PolicyDocument.Kind
        let text: String
    }

    private let documents = NIOLockedValueBox<[Source: PolicyDocument]>([:])

    func document(_ text: String, as kind: PolicyDocument.Kind = .resource) throws(PolicySyntaxError) -> PolicyDocument {
        let source = Source(kind: kind, text: text)
        if let document = self.documents.withLockedValue({ $0[source] }) { return document }
        let document = try PolicyDocument(parsing: text, as: kind)
        self.documents.withLockedValue { documents in
            if documents.count >= Self.capacity { documents.removeAll() }
            documents[source] = document
        }
        return document
    }
}
