package import SecretModel
import Storage

extension MemberRule {
    static let secretString = MemberRule("SecretString", .text(length: 1...65_536, pattern: nil), isSensitive: true)
    static let secretBinary = MemberRule("SecretBinary", .blob(length: 1...65_536), isSensitive: true)
    static let description = MemberRule.text("Description", 0...2_048)
    static let kmsKeyID = MemberRule.text("KmsKeyId", 0...2_048)
    /// What kind of partner's secret it is (`aws-api.md` §6.1).
    static let type = MemberRule.text("Type", 0...256)
    static let versionID = MemberRule.text("VersionId", 32...64)
    static let versionStage = MemberRule.text("VersionStage", 1...256)

    static func tags(isRequired: Bool) -> MemberRule {
        .structures("Tags", 0...200, of: [.text("Key", 1...128), .text("Value", 0...256)], isRequired: isRequired)
    }
}

extension APIInput {
    /// The token that clients must send with each write; SDKs fill it in.
    ///
    /// - Parameter code: What AWS answers to a call without: RotateSecret differs from the others (`aws-api.md` §5).
    func clientRequestToken(orRefuseWith code: APIError.Code = .invalidRequest) throws(APIError) -> VersionID {
        guard let text = self.string("ClientRequestToken") else {
            throw APIError(code, "You must provide a ClientRequestToken value. We recommend a UUID-type value.")
        }
        guard let token = VersionID(text) else {
            throw APIError(.invalidParameter, "The ClientRequestToken must be printable ASCII without blanks.")
        }
        return token
    }

    /// The value of SecretString or SecretBinary; `nil` if neither is there.
    func secretValue() throws(APIError) -> SecretValue? {
        switch (self.string("SecretString"), self.bytes("SecretBinary")) {
        case (nil, nil): return nil
        case (let text?, nil): return SecretValue(string: text)
        case (nil, let bytes?): return SecretValue(binary: bytes)
        default:
            throw APIError(
                .invalidParameter,
                "You can't specify both a binary secret value and a string secret value in the same secret."
            )
        }
    }

    func tags() throws(APIError) -> [Tag] {
        var tags: [Tag] = []
        for tag in self.objects("Tags") ?? [] {
            guard let key = tag.string("Key") else { throw APIError(.invalidParameter, "Each tag needs a Key.") }
            tags.append(Tag(key: key, value: tag.string("Value") ?? ""))
        }
        return tags
    }

    func labels(_ name: String) -> [StagingLabel] { (self.strings(name) ?? []).compactMap(StagingLabel.init) }

    func label(_ name: String) -> StagingLabel? { self.string(name).flatMap(StagingLabel.init) }

    /// A version id that the caller refers to.
    ///
    /// - Throws: `refusal` for a text that no version can have.
    package func version(_ name: String, else refusal: (String) -> APIError) throws(APIError) -> VersionID? {
        guard let text = self.string(name) else { return nil }
        guard let version = VersionID(text) else { throw refusal(text) }
        return version
    }
}
