import Access
import SecretModel
import Storage

/// A condition key that a request has by one of its members. Present only if the member is: a policy that demands
/// `secretsmanager:VersionStage` denies a GetSecretValue that names none (`aws-service.md` §3.3).
package struct ConditionKey: Sendable {
    /// - Parameter key: As asked for, in small letters.
    let value: @Sendable (_ key: String, APIInput) -> RequestContext.Value?

    /// `secretsmanager:MEMBER`, with the member's value.
    static func member(_ member: String, of service: String = "secretsmanager") -> ConditionKey {
        let name = asciiLowercased("\(service):\(member)")
        return ConditionKey { key, input in key == name ? input[member]?.conditionValue : nil }
    }

    /// Whether the request has the member at all.
    static func presence(of member: String, as name: String) -> ConditionKey {
        let name = asciiLowercased("secretsmanager:\(name)")
        return ConditionKey { key, input in key == name ? .one(input.has(member) ? "true" : "false") : nil }
    }

    /// `KmsKeyId` as sent, and as `KmsKeyArn` where it is one.
    static let kmsKey = ConditionKey { key, input in
        guard let id = input.string("KmsKeyId") else { return nil }
        if key == "secretsmanager:kmskeyid" { return .one(id) }
        return key == "secretsmanager:kmskeyarn" && id.utf8.starts(with: "arn:".utf8) ? .one(id) : nil
    }

    /// The regions that replicas are asked for in.
    static let replicaRegions = ConditionKey { key, input in
        guard key == "secretsmanager:addreplicaregions" else { return nil }
        return input.objects("AddReplicaRegions").map { .many($0.compactMap { $0.string("Region") }) }
    }

    /// `aws:RequestTag/…` and `aws:TagKeys` of `Tags`.
    package static let requestTags = ConditionKey { key, input in
        guard let tags = input.objects("Tags") else { return nil }
        if key == "aws:tagkeys" { return .many(tags.compactMap { $0.string("Key") }) }
        return .tag(key, "aws:requesttag/", in: tags.lazy.map { ($0.string("Key") ?? "", $0.string("Value") ?? "") })
    }

    /// The same of KMS's `Tags`, whose members have other names.
    static let kmsTags = ConditionKey { key, input in
        guard input.has("Tags") else { return nil }
        let tags = input.keyTags()
        if key == "aws:tagkeys" { return .many(tags.map(\.key)) }
        return .tag(key, "aws:requesttag/", in: tags.lazy.map { ($0.key, $0.value) })
    }

    /// `kms:EncryptionContext:…` and `kms:EncryptionContextKeys`.
    static func encryptionContext(_ member: String = "EncryptionContext") -> ConditionKey {
        ConditionKey { key, input in
            guard let members = input[member]?.members else { return nil }
            if key == "kms:encryptioncontextkeys" { return .many(members.map(\.name)) }
            return .tag(
                key,
                "kms:encryptioncontext:",
                in: members.lazy.compactMap { member in member.value.stringValue.map { (member.name, $0) } }
            )
        }
    }

    /// `aws:TagKeys` of `TagKeys`.
    static let tagKeys = ConditionKey { key, input in key == "aws:tagkeys" ? input.strings("TagKeys").map { .many($0) } : nil }
}

extension JSONValue {
    /// As policies compare it: numbers and truth values as text.
    fileprivate var conditionValue: RequestContext.Value? {
        switch self {
        case .string(let text), .number(let text): .one(text)
        case .bool(let value): .one(value ? "true" : "false")
        case .array(let values): .many(values.compactMap(\.stringValue))
        case .null, .object: nil
        }
    }
}
