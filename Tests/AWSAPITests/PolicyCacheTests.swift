import Access
import Testing

@testable import AWSAPI

/// Who may put policies fills no memory with them.
@Suite struct PolicyCacheTests {
    @Test(arguments: [100, 100_000, 1_900_000]) func `no more text is remembered than there is room for`(_ length: Int) throws {
        let policy = #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#
        let document = try PolicyDocument(parsing: policy, as: .identity)
        var memory = PolicyCache.Memory()
        for number in 0..<(10_000_000 / length) {
            let source = PolicyCache.Source(kind: .identity, text: "\(number)" + String(repeating: " ", count: length))
            for _ in 1...2 { memory.remember(document, of: source) }
            #expect(memory.documents[source] != nil)
            #expect(memory.documents.count * length <= PolicyCache.Memory.capacity)
        }
    }
}
