import Access
import NIOConcurrencyHelpers

/// Parsed resource policies by their text: it says everything about them, so none ever goes stale.
final class ResourcePolicyCache: Sendable {
    /// More than this at once is not worth remembering: the cache starts again.
    private static let capacity = 1_000

    private let documents = NIOLockedValueBox<[String: PolicyDocument]>([:])

    func document(_ text: String) throws(PolicySyntaxError) -> PolicyDocument {
        if let document = self.documents.withLockedValue({ $0[text] }) { return document }
        let document = try PolicyDocument(parsing: text, as: .resource)
        self.documents.withLockedValue { documents in
            if documents.count >= Self.capacity { documents.removeAll() }
            documents[text] = document
        }
        return document
    }
}
