/// Where and when a signing key is good: `yyyymmdd/region/service/aws4_request`.
struct CredentialScope: Hashable, Sendable, CustomStringConvertible {
    static let terminator = "aws4_request"

    /// `yyyymmdd`.
    let day: String
    let region: String
    let service: String

    var description: String { "\(self.day)/\(self.region)/\(self.service)/\(Self.terminator)" }
}
