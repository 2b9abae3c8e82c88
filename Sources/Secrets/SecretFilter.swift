import SecretModel
package import Storage

/// One filter of ListSecrets: its values are alternatives (`aws-api.md` §6.7).
package struct SecretFilter: Hashable, Sendable {
    package enum Key: String, Hashable, Sendable, CaseIterable {
        case description
        case name
        case tagKey = "tag-key"
        case tagValue = "tag-value"
        case primaryRegion = "primary-region"
        case owningService = "owning-service"
        case all
    }

    package let key: Key
    /// A value that starts with `!` matches what the rest of it does not.
    package let values: [String]

    package init(_ key: Key, _ values: [String]) {
        self.key = key
        self.values = values
    }

    package func matches(_ secret: SecretRecord) -> Bool {
        self.values.contains { value in
            value.utf8.first == UInt8(ascii: "!") ? !self.matches(secret, String(value.dropFirst())) : self.matches(secret, value)
        }
    }

    private func matches(_ secret: SecretRecord, _ value: String) -> Bool {
        let tags = secret.tags ?? []
        func starts(_ field: String) -> Bool { field.utf8.starts(with: value.utf8) }
        return switch self.key {
        case .name: starts(secret.arn.name.description)
        case .tagKey: tags.contains { starts($0.key) }
        case .tagValue: tags.contains { starts($0.value) }
        case .primaryRegion: secret.primaryRegion.map { starts($0.description) } ?? false
        // No service manages secrets here: nothing has this field.
        case .owningService: false
        case .description: secret.description.map { SearchWords(blanksIn: $0).contain(SearchWords(blanksIn: value)) } ?? false
        case .all:
            ([secret.arn.name.description, secret.description ?? ""] + tags.flatMap { [$0.key, $0.value] })
                .contains { SearchWords($0).contain(SearchWords(value)) }
        }
    }
}
