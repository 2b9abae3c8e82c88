import Access
import Auditing
package import Encryption
package import SecretModel
package import Storage

/// The operations on users, roles, their policies and access keys. Each change is one transaction of the store, its audit record included
/// (I9); a refusal changes nothing (I12).
package struct IdentityService: Sendable {
    let store: Store
    let keyring: Keyring
    package let directory: IdentityDirectory
    let random: RandomSource

    package init(store: Store, keyring: Keyring, directory: IdentityDirectory, random: RandomSource = .system) {
        self.store = store
        self.keyring = keyring
        self.directory = directory
        self.random = random
    }

    func read<Output: Sendable>(_ body: @escaping @Sendable (StoreReader) throws -> Output) async throws(IdentityError) -> Output {
        do { return try await self.store.read(body) } catch { throw IdentityError(error) }
    }

    /// Runs a change, with its audit record, which the account of the ARN has too. Whoever asks for rights from now on gets the new ones.
    ///
    /// - Throws: `lastAdministrator` if nobody could manage the installation afterwards.
    func change<Output: Sendable>(
        _ event: String,
        of arn: String,
        _ origin: RequestOrigin,
        _ body: @escaping @Sendable (StoreTransaction) throws -> Output
    ) async throws(IdentityError) -> Output {
        do {
            let output = try await self.store.write { store in
                let hadAdministrator = try Self.hasAdministrator(store)
                let output = try body(store)
                guard try !hadAdministrator || Self.hasAdministrator(store) else { throw IdentityError.lastAdministrator }
                var random = self.random
                // The installation's own account changes identities of the others, which have it on record too.
                let place = origin.within(AccountID.named(inARN: arn) ?? origin.scope.account)
                let events = place.events(RequestOrigin.Happening(event, about: arn), using: &random)
                try AuditTrail(keyring: self.keyring).append(events, in: store)
                return output
            }
            self.directory.forget()
            return output
        } catch {
            throw IdentityError(error)
        }
    }

    /// Whether somebody of the installation's own account may do everything, has a key to do it with, and is not denied to mend policies.
    private static func hasAdministrator(_ store: StoreTransaction) throws -> Bool {
        try store.activeKeys(ofHoldersOf: ManagedPolicy.administratorAccess.rawValue, in: .initial).contains { key in
            let id = IdentityID(account: key.account, kind: .user, name: key.user)
            let attached = try store.policies(of: id).map { try AttachedPolicy($0, in: store) }
            let evaluation = PolicyEvaluation(identity: IdentityPolicies(policies: attached))
            return ["keyturn:AttachPolicy", "keyturn:DetachPolicy", "keyturn:UpdatePolicy"].allSatisfy { action in
                let request = AccessRequest(
                    principal: .user(id.account, name: id.name),
                    action: action,
                    resource: id.arn,
                    account: id.account,
                    context: RequestContext([:])
                )
                return evaluation.decide(request).isAllowed
            }
        }
    }

    /// The policy of a role that denies everything to sessions issued until a time; AWS's console calls it so.
    static let revocation = "AWSRevokeOlderSessions"

    static func identity(_ id: IdentityID, in store: some ReadableStore) throws -> IdentityRecord {
        guard let identity = try store.identity(id) else { throw IdentityError.noSuchIdentity(id) }
        return identity
    }

    /// `AIDA` or `AROA` and 16 characters of the base-32 alphabet, as AWS makes them.
    func uniqueID(for kind: IdentityID.Kind) -> String {
        var random = self.random
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        let bytes = (0..<16).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] }
        return (kind == .user ? "AIDA" : "AROA") + String(decoding: bytes, as: UTF8.self)
    }

    /// The characters and lengths of IAM.
    static func checkName(_ name: String, limit: Int = 64) throws(IdentityError) {
        let isValid = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "_+=,.@-".utf8.contains(byte)
        }
        guard isValid, (1...limit).contains(name.utf8.count) else { throw .invalidName(name, limit: limit) }
    }
}
