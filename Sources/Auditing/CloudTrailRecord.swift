package import SecretModel

/// A record as CloudTrail writes it (`aws-service.md` §4.1 and §1.11): the order, the names and the presence of its members.
struct CloudTrailRecord {
    let id: String
    let at: Timestamp
    let scope: SecretScope
    let identity: JSONValue
    let source: String
    let name: String
    let client: RequestClient
    let requestID: String
    let isReadOnly: Bool
    /// `AwsApiCall` or `AwsServiceEvent`.
    let type: String
    /// Service events have a message and no code.
    let failure: (code: String?, message: String)?
    let parameters: JSONValue?
    let response: JSONValue?
    let additional: JSONValue?
    /// What the records of one event in two accounts have in common.
    var sharedID: String?

    private static let version = "1.11"
    /// CloudTrail keeps no longer parameters than this, in bytes.
    private static let parameterLimit = 100 * 1_024

    var text: String {
        let members: [(String, JSONValue?)] = [
            ("eventVersion", .string(Self.version)),
            ("userIdentity", self.identity),
            ("eventTime", .string(self.at.rfc3339)),
            ("eventSource", .string(self.source)),
            ("eventName", .string(self.name)),
            ("awsRegion", .string(self.scope.region.description)),
            ("sourceIPAddress", .string(self.client.address)),
            ("userAgent", .string(Self.shortened(self.client.userAgent))),
            ("errorCode", self.failure?.code.map(JSONValue.string)),
            ("errorMessage", (self.failure?.message).map { .string(Self.shortened($0)) }),
            ("requestParameters", self.shownParameters),
            ("responseElements", self.response ?? .null),
            ("additionalEventData", self.additional),
            ("requestID", .string(self.requestID)),
            ("eventID", .string(self.id)),
            ("readOnly", .bool(self.isReadOnly)),
            ("eventType", .string(self.type)),
            ("managementEvent", true),
            ("recipientAccountId", .string(self.scope.account.description)),
            ("sharedEventID", self.sharedID.map(JSONValue.string)),
            ("eventCategory", "Management"),
        ]
        return JSONValue.object(members.compactMap { name, value in value.map { .init(name, $0) } }).text
    }

    private var shownParameters: JSONValue {
        guard let parameters, !(parameters.members?.isEmpty ?? true) else { return .null }
        let size = parameters.bytes.count
        guard size <= Self.parameterLimit else {
            return ["omitted": true, "originalSize": .integer(size), "reason": "the parameters are longer than 100 KB"]
        }
        return parameters
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count <= RequestClient.textLimit ? text : String(text.unicodeScalars.prefix(RequestClient.textLimit / 4))
    }
}

extension Timestamp {
    /// A date within `responseElements`: `May 3, 2018 5:51:02 PM`, in UTC.
    package var cloudTrailText: String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = self.civilDate
        let second = self.seconds - self.startOfDay.seconds
        let (hour, minute) = (second / 3_600, second / 60 % 60)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(months[date.month - 1]) \(date.day), \(date.year) \(hour % 12 == 0 ? 12 : hour % 12):\(two(minute)):"
            + "\(two(second % 60)) \(hour < 12 ? "AM" : "PM")"
    }
}
