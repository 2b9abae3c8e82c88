import Access
import NIOConcurrencyHelpers

/// Parsed policies of resources, roles and sessions by their text: it says everything about them, so none ever goes stale.
final class PolicyCache: Sendable {
    struct Source: Hashable {
        let kind: PolicyDocument.Kind
        let text: String
    }

    /// What is remembered: not more than so much text at once, of which parsed policies take many times the room. Then it starts again.
    struct Memory {
        static let capacity = 2_000_000

        private(set) var documents: [Source: PolicyDocument] = [:]
        private var size = 0

        mutating func remember(_ document: PolicyDocument, of source: Source) {
            let size = source.text.utf8.count
            if self.size + size > Self.capacity { self = Memory() }
            guard self.documents.updateValue(document, forKey: source) == nil else { return }
            self.size += size
        }
    }

    private let memory = NIOLockedValueBox(Memory())

    func document(_ text: String, as kind: PolicyDocument.Kind = .resource) throws(PolicySyntaxError) -> PolicyDocument {
        let source = Source(kind: kind, text: text)
        if let document = self.memory.withLockedValue({ $0.documents[source] }) { return document }
        let document = try PolicyDocument(parsing: text, as: kind)
        self.memory.withLockedValue { $0.remember(document, of: source) }
        return document
    }
}
