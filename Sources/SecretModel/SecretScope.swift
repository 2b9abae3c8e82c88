/// A twelve-digit AWS account id.
package struct AccountID: ValidatedText {
    package let description: String

    /// - Returns: `nil` unless the text is exactly twelve ASCII digits.
    package init?(_ text: String) {
        guard text.utf8.count == 12, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        self.description = text
    }

    private init(trusted: String) {
        self.description = trusted
    }

    /// The account of a fresh installation: `000000000000`.
    package static let initial = AccountID(trusted: "000000000000")
}

/// A region name such as `eu-west-1`: the one in a request's credential scope.
package struct RegionName: ValidatedText {
    package let description: String

    /// - Returns: `nil` unless the text has the form of the service model, `^([a-z]+-)+\d+$`.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 2, text.utf8.count <= 64, let number = parts.last,
            !number.isEmpty, number.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            parts.dropLast().allSatisfy({ part in !part.isEmpty && part.allSatisfy { $0 >= 97 && $0 <= 122 } })
        else { return nil }
        self.description = text
    }
}

/// Secrets, keys and schedules exist per account and region.
package struct SecretScope: Hashable, Sendable, Codable {
    package let account: AccountID
    package let region: RegionName

    package init(account: AccountID, region: RegionName) {
        self.account = account
        self.region = region
    }
}
