import Auditing
import SecretModel
import Storage

/// What LookupEvents asks for.
struct AuditLookup: Sendable {
    enum Key: String, CaseIterable {
        case eventID = "EventId"
        case eventName = "EventName"
        case readOnly = "ReadOnly"
        case userName = "Username"
        case resourceType = "ResourceType"
        case resourceName = "ResourceName"
        case eventSource = "EventSource"
        case accessKeyID = "AccessKeyId"
    }

    private var filter = AuditFilter()
    private var resourceName: String?
    /// An attribute has a value that no event has.
    private var isEmpty = false

    /// - Throws: `InvalidLookupAttributesException` for more than one attribute, or ReadOnly neither true nor false;
    ///   `InvalidTimeRangeException` for an end before the start.
    init(_ input: APIInput) throws(APIError) {
        let attributes = input.objects("LookupAttributes") ?? []
        guard attributes.count <= 1 else {
            throw APIError(modelled: "InvalidLookupAttributesException", "You can specify only one lookup attribute.")
        }
        (self.filter.from, self.filter.through) = (input.timestamp("StartTime"), input.timestamp("EndTime"))
        if let from = self.filter.from, let through = self.filter.through, through < from {
            throw APIError(modelled: "InvalidTimeRangeException", "The end time must not be before the start time.")
        }
        // Clients know events to the second.
        if let through = self.filter.through { self.filter.through = Timestamp(seconds: through.seconds + 1) - .microseconds(1) }
        guard let attribute = attributes.first, let key = attribute.string("AttributeKey").flatMap(Key.init) else { return }
        try self.set(key, try attribute.required("AttributeValue"))
    }

    private mutating func set(_ key: Key, _ value: String) throws(APIError) {
        switch key {
        case .eventID: self.filter.id = value
        case .eventName: self.filter.name = value
        case .userName: self.filter.userName = value
        case .eventSource: self.filter.source = value
        case .accessKeyID: self.filter.accessKeyID = value
        case .resourceName: self.resourceName = value
        case .readOnly:
            guard ["true", "false"].contains(value) else {
                throw APIError(modelled: "InvalidLookupAttributesException", "The value of ReadOnly must be true or false.")
            }
            self.filter.isReadOnly = value == "true"
        case .resourceType:
            // Events of a source are about resources of one type.
            self.filter.source = AuditSource.source(ofResourceType: value)
            self.filter.hasResource = true
            self.isEmpty = self.filter.source == nil
        }
    }

    /// - Returns: `nil` where no event can pass.
    func filter(in scope: SecretScope, _ store: StoreReader) throws -> AuditFilter? {
        guard !self.isEmpty else { return nil }
        guard let name = self.resourceName else { return self.filter }
        var filter = self.filter
        let secret = try SecretReference(name).flatMap { try store.head(matching: $0, in: scope)?.arn.description }
        filter.resource = secret ?? name
        return filter
    }
}
