import Access
import SecretModel
import Storage

extension SessionTokens.Session {
    /// The content of a token, before it is sealed.
    var json: JSONValue {
        let own: [(String, JSONValue?)] = [
            ("key", .string(self.key.id)), ("secret", self.key.secret.string.map { .string($0) }),
            ("issued", .integer(self.issuedAt.microseconds)), ("expires", .integer(self.expiresAt.microseconds)),
        ]
        return switch self.holder {
        case .user(let accessKeyID): .output(own + [("parent", .string(accessKeyID))])
        case .role(let session): .output(own + [("role", session.json)])
        }
    }

    /// - Returns: `nil` unless it is the content of a token.
    init?(_ json: JSONValue) {
        guard let key = json["key"]?.stringValue, let secret = json["secret"]?.stringValue, let issued = json["issued"]?.integerValue,
            let expires = json["expires"]?.integerValue
        else { return nil }
        if let parent = json["parent"]?.stringValue {
            self.holder = .user(accessKeyID: parent)
        } else if let session = json["role"].flatMap(RoleSession.init) {
            self.holder = .role(session)
        } else {
            return nil
        }
        self.key = AccessKey(id: key, secret: SecretValue(string: secret))
        self.issuedAt = Timestamp(microseconds: issued)
        self.expiresAt = Timestamp(microseconds: expires)
    }
}

extension RoleSession {
    fileprivate var json: JSONValue {
        .output(
            ("arn", .string(self.role.arn)),
            ("id", .string(self.roleID)),
            ("name", .string(self.name)),
            ("policy", self.policy.map { .string($0) }),
            ("policies", .texts(self.policyNames)),
            (
                "tags",
                .array(self.tags.map { ["key": .string($0.key), "value": .string($0.value), "transitive": .bool($0.isTransitive)] })
            )
        )
    }

    fileprivate init?(_ json: JSONValue) {
        guard let role = json["arn"]?.stringValue.flatMap(IdentityID.init(roleARN:)), let roleID = json["id"]?.stringValue,
            let name = json["name"]?.stringValue, let policyNames = json["policies"]?.arrayValue?.compactMap(\.stringValue),
            let tags = json["tags"]?.arrayValue?.compactMap(SessionTag.init)
        else { return nil }
        self.init(
            role: role,
            roleID: roleID,
            name: name,
            policy: json["policy"]?.stringValue,
            policyNames: policyNames,
            tags: tags
        )
    }
}

extension SessionTag {
    fileprivate init?(_ json: JSONValue) {
        guard let key = json["key"]?.stringValue, let value = json["value"]?.stringValue, let isTransitive = json["transitive"]?.boolValue
        else { return nil }
        self.init(key: key, value: value, isTransitive: isTransitive)
    }
}
