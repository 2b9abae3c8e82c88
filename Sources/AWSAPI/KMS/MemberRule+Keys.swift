import Encryption
import Foundation
import KeyManagement
import SecretModel
import Storage

extension MemberRule {
    static func key(_ name: String = "KeyId", isRequired: Bool = true) -> MemberRule { .text(name, 1...2_048, isRequired: isRequired) }

    static let aliasName = MemberRule.text(
        "AliasName",
        1...256,
        matching: .alphanumerics(and: ":/_-", text: "^[a-zA-Z0-9:/_-]+$"),
        isRequired: true
    )
    static let marker = MemberRule.text("Marker", 1...1_024)
    static let limit = MemberRule.number("Limit", 1...1_000)
    static let policyName = MemberRule.text("PolicyName", 1...128)

    static func keyPolicy(isRequired: Bool) -> MemberRule { .text("Policy", 1...131_072, isRequired: isRequired) }

    static func keyDescription(isRequired: Bool) -> MemberRule { .text("Description", 0...8_192, isRequired: isRequired) }

    static func keyTags(isRequired: Bool) -> MemberRule {
        let pair: [MemberRule] = [.text("TagKey", 1...128, isRequired: true), .text("TagValue", 0...256, isRequired: true)]
        return .structures("Tags", 0...200, of: pair, isRequired: isRequired)
    }

    static func context(_ name: String = "EncryptionContext") -> MemberRule { MemberRule(name, .textMap) }

    static func ciphertext() -> MemberRule { MemberRule("CiphertextBlob", .blob(length: 1...6_144), isRequired: true) }

    static let grantTokens = MemberRule.texts("GrantTokens", 0...10, each: 1...8_192)

    static let dryRun = MemberRule.flag("DryRun")

    static func algorithm(_ name: String = "EncryptionAlgorithm") -> MemberRule {
        MemberRule(name, .oneOf(["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]))
    }
}

extension APIInput {
    func key(_ name: String = "KeyId") throws(APIError) -> KeyReference { try Self.key(try self.required(name)) }

    func optionalKey(_ name: String = "KeyId") throws(APIError) -> KeyReference? {
        guard let text = self.string(name) else { return nil }
        return try Self.key(text)
    }

    private static func key(_ text: String) throws(APIError) -> KeyReference {
        do throws(KeyServiceError) { return try KeyReference(text) } catch { throw APIError(error) }
    }

    func keyTags() -> [Tag] {
        (self.objects("Tags") ?? []).compactMap { tag in
            tag.string("TagKey").flatMap { key in tag.string("TagValue").map { Tag(key: key, value: $0) } }
        }
    }

    func context(_ name: String = "EncryptionContext") -> EncryptionContext {
        EncryptionContext((self[name]?.members ?? []).compactMap { member in member.value.stringValue.map { (member.name, $0) } })
    }

    /// - Throws: For any grant token: there are no grants.
    func checkGrants() throws(APIError) {
        guard self.strings("GrantTokens")?.isEmpty ?? true else { throw APIError(.invalidGrantToken) }
    }

    /// To be asked last, with the result in hand: a dry run is one that would succeed, and gives nothing out.
    func checkDryRun() throws(APIError) {
        guard self.bool("DryRun") == true else { return }
        throw APIError(
            code: "DryRunOperationException",
            message: "The request would have succeeded, but the DryRun option is set.",
            status: 412
        )
    }

    /// - Throws: For the algorithms of keys that Keyturn does not make.
    func checkAlgorithm(_ name: String = "EncryptionAlgorithm") throws(APIError) {
        guard let algorithm = self.string(name), algorithm != "SYMMETRIC_DEFAULT" else { return }
        throw APIError(
            code: "InvalidKeyUsageException",
            message: "The algorithm \(algorithm) is not compatible with the key spec SYMMETRIC_DEFAULT."
        )
    }
}

extension JSONValue {
    static func base64(_ bytes: [UInt8]) -> JSONValue { .string(Data(bytes).base64EncodedString()) }
}
