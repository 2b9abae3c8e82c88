package import Auditing
package import SecretModel
package import Storage

extension SecretService {
    /// Moves a staging label, or takes it off (`aws-api.md` §6.14). AWSCURRENT takes AWSPREVIOUS with it (§4.3).
    ///
    /// - Parameters:
    ///   - remove: The version that holds the label; needed whenever one does.
    ///   - target: The version that gets it; `nil` only takes it off.
    package func move(
        _ label: StagingLabel,
        from remove: VersionID?,
        to target: VersionID?,
        of reference: SecretReference,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> SecretRecord {
        let parameters: JSONValue = .object(
            [("secretId", reference.text), ("versionStage", label.description)].map { .init($0.0, .string($0.1)) }
                + [("removeFromVersionId", remove), ("moveToVersionId", target)]
                .compactMap { name, version in version.map { .init(name, .string($0.description)) } }
        )
        guard remove != nil || target != nil else { throw .nothingToMove }
        let (record, _) = try await self.change(reference, origin, event: "UpdateSecretVersionStage", parameters: parameters) {
            record,
            store in
            for version in [remove, target].compactMap({ $0 }) where try store.version(version, of: record.arn) == nil {
                throw SecretServiceError.unknownVersion(version)
            }
            if let remove, record.labels.holder(of: label) != remove { throw SecretServiceError.labelHolderDiffers(label) }
            guard let target else {
                guard record.labels.remove(label) else { throw SecretServiceError.currentCannotBeRemoved }
                return
            }
            try Self.attach(label, to: target, isHolderNamed: remove != nil, in: &record, store)
        }
        return record
    }

    private static func attach(
        _ label: StagingLabel,
        to target: VersionID,
        isHolderNamed: Bool,
        in record: inout SecretRecord,
        _ store: StoreTransaction
    ) throws {
        if let holder = record.labels.holder(of: label) {
            guard holder != target else { return }
            guard isHolderNamed else { throw SecretServiceError.labelHolderNotNamed(label, holder: holder) }
        }
        if label == .current, try store.version(target, of: record.arn)?.value == nil {
            throw SecretServiceError.noValueIn(target)
        }
        record.labels.attach(label, to: target)
        guard record.labels.count <= SecretRecord.labelLimit else {
            throw SecretServiceError.tooManyLabels(limit: SecretRecord.labelLimit)
        }
    }
}
