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

    /// The account that an ARN names; `nil` if it names none, or is no ARN.
    package static func named(inARN text: String) -> AccountID? {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else { return nil }
        return AccountID(String(parts[4]))
    }

    /// The account of a fresh installation: `000000000000`.
    package static let initial = AccountID(trusted: "000000000000")
}

/// A region name such as `eu-west-1`: the one in a request's credential scope.
package struct RegionName: ValidatedText {
    package let description: String

    /// - Returns: `nil` unless the text has the form of the service model, `^([a-z]+-)+\d+$`.
    package init?(_ text: String) {
        var (words, letters, digits) = (0, 0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z") where digits == 0: letters += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9") where words > 0 && letters == 0: digits += 1
            case UInt8(ascii: "-") where letters > 0: (words, letters) = (words + 1, 0)
            default: return nil
            }
        }
        guard digits > 0, text.utf8.count <= 64 else { return nil }
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
