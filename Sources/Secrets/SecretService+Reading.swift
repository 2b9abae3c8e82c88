package import Auditing
import Encryption
import KeyManagement
import Logging
package import SecretModel
package import Storage

extension SecretService {
    /// One value with what surrounds it. It has no description of its own: `value` prints redacted (I8).
    package struct Reading: Sendable {
        package let secret: SecretARN
        package let version: VersionID
        package let value: SecretValue
        package let labels: [StagingLabel]
        /// Of the version, not of the secret.
        package let createdAt: Timestamp
    }

    /// Decides, in the very snapshot that is read, whether the caller may have a value.
    package struct ReadCheck: Sendable {
        /// Gets what was found; `nil` if nothing was.
        let secret: @Sendable (SecretHead?, StoreReader) throws -> Void
        /// Gets the ARN of the customer's key that the value is under, which need not be the one that the secret names now; `nil` for the
        /// default key. Asked before the value is opened.
        let key: @Sendable (SecretHead, _ keyARN: String?, StoreReader) throws -> Void

        package init(
            secret: @escaping @Sendable (SecretHead?, StoreReader) throws -> Void,
            key: @escaping @Sendable (SecretHead, _ keyARN: String?, StoreReader) throws -> Void
        ) {
            self.secret = secret
            self.key = key
        }

        /// For readers that have asked already.
        package static let none = ReadCheck(secret: { _, _ in }, key: { _, _, _ in })
    }

    /// Reads a value: by version, by label, by both if they agree, else AWSCURRENT. Notes the day of the access.
    ///
    /// - Parameter check: Its error about the secret, thrown on, comes before all others; the one about the key once the version is known.
    package func get(
        _ reference: SecretReference,
        version: VersionID? = nil,
        label: StagingLabel? = nil,
        check: ReadCheck = .none,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> Reading {
        let (reading, isNoted) = try await self.read { store in
            let found = try Self.head(of: reference, in: origin.scope, at: origin.now, store)
            try check.secret(found, store)
            guard let head = found else { throw SecretServiceError.noSuchSecret }
            guard head.deletedAt == nil else { throw SecretServiceError.markedForDeletion }
            let stored = try Self.version(of: head, version, label, in: store)
            guard let sealed = stored.value else { throw Self.noValue(version, label) }
            try check.key(head, try self.keys.customerKey(of: sealed, in: head.arn.scope, store), store)
            let reading = Reading(
                secret: head.arn,
                version: stored.id,
                value: try self.keys.open(sealed, for: .version(head.arn, stored.id), store),
                labels: head.labels.labels(of: stored.id),
                createdAt: stored.createdAt
            )
            let day = origin.now.startOfDay
            return (reading, head.accessedDay == day && stored.accessedDay == day)
        }
        if !isNoted { await self.noteAccess(to: reading, origin) }
        return reading
    }

    /// What a decision about access needs to know of a secret; `nil` if the caller's scope has none.
    package func head(of reference: SecretReference, _ origin: RequestOrigin) async throws(SecretServiceError) -> SecretHead? {
        try await self.read { store in try Self.head(of: reference, in: origin.scope, at: origin.now, store) }
    }

    /// The same in a snapshot.
    package static func head(
        of reference: SecretReference,
        in scope: SecretScope,
        at now: Timestamp,
        _ store: some ReadableStore
    ) throws -> SecretHead? {
        Self.visible(try store.head(matching: reference, in: scope), in: scope, at: now)
    }

    /// The secret as it is, one scheduled for deletion too.
    package func describe(_ reference: SecretReference, _ origin: RequestOrigin) async throws(SecretServiceError) -> SecretRecord {
        try await self.read { store in try Self.find(reference, origin, in: store) }
    }

    /// A version, and under which key its value is.
    package struct KeyedVersion: Sendable {
        package let version: VersionRecord
        /// `nil` for the default key.
        package let keyARN: String?
    }

    /// The secret with its versions in creation order.
    package func versions(
        of reference: SecretReference,
        _ origin: RequestOrigin
    ) async throws(SecretServiceError) -> (SecretRecord, [KeyedVersion]) {
        try await self.read { store in
            let record = try Self.find(reference, origin, in: store)
            let versions = try store.versions(of: record.arn).map { version in
                KeyedVersion(
                    version: version,
                    keyARN: try version.value.flatMap { try self.keys.customerKey(of: $0, in: record.arn.scope, store) }
                )
            }
            return (record, versions)
        }
    }

    private static func version(
        of head: SecretHead,
        _ version: VersionID?,
        _ label: StagingLabel?,
        in store: StoreReader
    ) throws -> VersionRecord {
        if let version {
            guard let found = try store.version(version, of: head.arn) else { throw SecretServiceError.noValueIn(version) }
            guard label.map({ head.labels.holder(of: $0) == version }) ?? true else { throw SecretServiceError.labelNotOnVersion }
            return found
        }
        guard let holder = head.labels.holder(of: label ?? .current), let found = try store.version(holder, of: head.arn) else {
            throw Self.noValue(nil, label)
        }
        return found
    }

    private static func noValue(_ version: VersionID?, _ label: StagingLabel?) -> SecretServiceError {
        version.map { .noValueIn($0) } ?? .noValueAt(label ?? .current)
    }

    /// At most one write a day and version. Whether the read may be answered is decided by its audit record, not by this.
    private func noteAccess(to reading: Reading, _ origin: RequestOrigin) async {
        do throws(SecretServiceError) {
            try await self.write { store in
                try store.noteAccess(to: reading.version, of: reading.secret, on: origin.now.startOfDay)
            }
        } catch {
            self.logger.warning("the day of an access was not noted", metadata: ["secret": "\(reading.secret)", "cause": "\(error)"])
        }
    }
}
