import SecretModel
import Secrets
import Storage

extension MemberRule {
    static let filters = MemberRule.structures(
        "Filters",
        0...10,
        of: [
            MemberRule("Key", .oneOf(SecretFilter.Key.allCases.map(\.rawValue))),
            MemberRule("Values", .list(of: .text(length: 0...512, pattern: Self.filterValue), count: 1...10)),
        ]
    )

    private static let filterValue = TextPattern.alphanumerics(and: " :_@/+=.-!", text: #"^\!?[a-zA-Z0-9 :_@\/\+\=\.\-\!]*$"#)
}

extension APIInput {
    func filters() throws(APIError) -> [SecretFilter] {
        var filters: [SecretFilter] = []
        for filter in self.objects("Filters") ?? [] {
            guard let key = filter.string("Key").flatMap(SecretFilter.Key.init) else {
                throw APIError(.invalidParameter, "Invalid filter key")
            }
            guard let values = filter.strings("Values") else {
                throw APIError(.invalidParameter, "Invalid filter values for key: \(key.rawValue)")
            }
            filters.append(SecretFilter(key, values))
        }
        return filters
    }
}
