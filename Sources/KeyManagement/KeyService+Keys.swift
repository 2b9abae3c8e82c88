package import Auditing
package import Encryption
import SecretModel
package import Storage

extension KeyService {
    /// Makes a key with its first material.
    ///
    /// - Parameter policy: `nil` for the one that lets the account's own policies decide.
    package func create(
        description: String,
        policy: String?,
        tags: [Tag],
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) -> AccountKeyRecord {
        try AccountKeyRecord.checkTags(tags)
        let document = try policy.map { text throws(KeyServiceError) in try KeyPolicy.parse(text) }
        return try await self.write(origin) { store in
            if let document { try KeyPolicy.checkPrincipals(of: document, in: store) }
            var random = self.use.random
            let key = AccountKeyRecord(
                id: KeyID(using: &random),
                scope: origin.scope,
                manager: .customer,
                description: description,
                policy: policy ?? KeyPolicy.ofAccount(origin.scope.account),
                tags: tags,
                createdAt: origin.now
            )
            try self.use.insert(key, store)
            try self.audit("CreateKey", of: key.arn, [], origin, in: store)
            return key
        }
    }

    /// The key as it is, in whatever state. To ask for the default key of secrets makes it, as at AWS, if it is not there yet; that has a
    /// record of its own, since the call's is one of a read. (Where a secret makes it, the secret's record is that of a change.)
    package func describe(_ reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) -> AccountKeyRecord {
        do {
            return try await self.read { try $0.usableKey(reference, in: origin.scope) }
        } catch .noSuchAlias where reference.isDefault(in: origin.scope) {
            return try await self.write(origin) { store in
                if let key = try store.accountKey(named: AliasName.defaultOfSecrets, in: origin.scope) { return key }
                let key = try self.use.defaultKey(in: origin.scope, at: origin.now, store)
                try self.auditOwn("CreateKey", of: key, at: origin.now, in: store)
                return key
            }
        }
    }

    /// Keys by id, behind one.
    package func list(after start: KeyID?, limit: Int, _ origin: RequestOrigin) async throws(KeyServiceError) -> [AccountKeyRecord] {
        try await self.read { try $0.accountKeys(in: origin.scope, after: start, limit: limit) }
    }

    package func describe(as text: String, _ reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) {
        try await self.change(reference, origin, event: "UpdateKeyDescription") { key, _ in key.description = text }
    }

    package func enable(_ reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) {
        try await self.change(reference, origin, event: "EnableKey") { key, _ in key.state = .enabled }
    }

    /// From the next read on no value under the key can be decrypted, until it is enabled again.
    package func disable(_ reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) {
        try await self.change(reference, origin, event: "DisableKey") { key, _ in key.state = .disabled }
    }

    /// Ends the use of a key at once, and the key itself after so many days; until then it can be taken back.
    package func scheduleDeletion(
        of reference: KeyReference,
        afterDays days: Int,
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) -> AccountKeyRecord {
        guard (7...30).contains(days) else { throw .windowOutOfRange(days) }
        return try await self.change(
            reference,
            origin,
            event: "ScheduleKeyDeletion",
            details: [.init("pendingWindowInDays", .integer(days))]
        ) { key, _ in
            key.state = .pendingDeletion
            key.deletionAt = origin.now + .days(Int64(days))
        }
    }

    /// Takes a deletion back. The key is disabled afterwards.
    package func cancelDeletion(of reference: KeyReference, _ origin: RequestOrigin) async throws(KeyServiceError) -> AccountKeyRecord {
        try await self.change(reference, origin, event: "CancelKeyDeletion", allows: Set(AccountKeyRecord.State.allCases)) { key, _ in
            guard key.state == .pendingDeletion else { throw KeyServiceError.notPendingDeletion(arn: key.arn) }
            key.state = .disabled
            key.deletionAt = nil
        }
    }
}
