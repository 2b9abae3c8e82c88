package import Auditing
import Encryption
import SecretModel
package import Storage

extension KeyService {
    /// - Throws: `aliasExists`; `pendingDeletion` for a key that is to go.
    package func createAlias(
        _ text: String,
        for target: KeyReference,
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) {
        let name = try Self.ownAlias(text)
        try await self.write(origin) { store in
            let key = try store.customerKey(target, in: origin.scope, allows: [.enabled, .disabled])
            if let taken = try store.keyAlias(name.description, in: origin.scope) { throw KeyServiceError.aliasExists(arn: taken.arn) }
            let alias = KeyAliasRecord(name: name.description, scope: origin.scope, key: key.id, createdAt: origin.now)
            try store.insert(alias)
            try self.audit("CreateAlias", of: key.arn, Self.details(name), origin, in: store)
        }
    }

    /// Points an alias to another key. Secrets that name the alias use that key from their next value on.
    package func updateAlias(
        _ text: String,
        to target: KeyReference,
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) {
        let name = try Self.ownAlias(text)
        try await self.write(origin) { store in
            let key = try store.customerKey(target, in: origin.scope, allows: [.enabled, .disabled])
            var alias = try Self.alias(name, origin, in: store)
            alias.key = key.id
            alias.changedAt = origin.now
            try store.update(alias)
            try self.audit("UpdateAlias", of: key.arn, Self.details(name), origin, in: store)
        }
    }

    package func deleteAlias(_ text: String, _ origin: RequestOrigin) async throws(KeyServiceError) {
        let name = try Self.ownAlias(text)
        try await self.write(origin) { store in
            let alias = try Self.alias(name, origin, in: store)
            guard try store.deleteKeyAlias(alias.name, in: origin.scope) else { throw KeyServiceError.noSuchAlias(arn: alias.arn) }
            try self.audit("DeleteAlias", of: alias.arn, Self.details(name), origin, in: store)
        }
    }

    /// Aliases by name, behind one.
    ///
    /// - Parameter reference: Those of this key only.
    package func aliases(
        of reference: KeyReference?,
        after start: String?,
        limit: Int,
        _ origin: RequestOrigin
    ) async throws(KeyServiceError) -> [KeyAliasRecord] {
        try await self.read { store in
            let key = try reference.map { try store.key($0, in: origin.scope).id }
            return try store.keyAliases(in: origin.scope, of: key, after: start, limit: limit)
        }
    }

    private static func alias(_ name: AliasName, _ origin: RequestOrigin, in store: StoreTransaction) throws -> KeyAliasRecord {
        guard let alias = try store.keyAlias(name.description, in: origin.scope) else {
            throw KeyServiceError.noSuchAlias(arn: try KeyReference(name.description).arn(in: origin.scope))
        }
        return alias
    }

    /// An alias that its account may make, move and delete.
    private static func ownAlias(_ text: String) throws(KeyServiceError) -> AliasName {
        guard let name = AliasName(text) else { throw .invalidAlias(text) }
        guard !name.isReserved else { throw .reservedAlias(text) }
        return name
    }

    private static func details(_ name: AliasName) -> [JSONValue.Member] { [.init("aliasName", .string(name.description))] }
}
