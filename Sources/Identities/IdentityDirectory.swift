package import Access
package import Encryption
import NIOConcurrencyHelpers
package import SecretModel
package import Storage

/// Who callers are and what they may: opened access keys and parsed policies, kept in memory. A change made in this process holds at once,
/// one made in another after `lifetime`.
package final class IdentityDirectory: Sendable {
    /// How long an access key that another node made inactive may go on working here.
    package static let lifetime: Duration = .seconds(5)
    /// More than this at once is not worth remembering: the directory starts again.
    private static let capacity = 10_000

    /// What decides about the requests of an identity.
    package struct Rights: Sendable {
        package let policies: IdentityPolicies
        package let tags: [Tag]
        /// `AIDA…`, `AROA…`; `nil` if there is no such identity (any more): then it has no policies either.
        package let uniqueID: String?

        package init(policies: IdentityPolicies, tags: [Tag] = [], uniqueID: String? = nil) {
            self.policies = policies
            self.tags = tags
            self.uniqueID = uniqueID
        }
    }

    private struct Entry<Value: Sendable> {
        let value: Value
        let readAt: ContinuousClock.Instant
    }

    private struct PolicyName: Hashable {
        let account: AccountID
        let name: String
    }

    private struct Memory {
        /// Counts changes: what was read before one must not be remembered after it.
        var changes = 0
        var credentials: [String: Entry<AccessCredential>] = [:]
        var rights: [String: Entry<Rights>] = [:]
        var policies: [PolicyName: Entry<AttachedPolicy>] = [:]
    }

    private let store: Store
    private let keyring: Keyring
    private let memory = NIOLockedValueBox(Memory())

    package init(store: Store, keyring: Keyring) {
        self.store = store
        self.keyring = keyring
    }

    /// The access key of this id in the clear; `nil` if there is none or it was made inactive.
    ///
    /// Unknown keys are not remembered: guesses must not fill the memory, and a new key works at once.
    package func credential(_ id: String, at instant: ContinuousClock.Instant = .now) async throws -> AccessCredential? {
        try await self.remembered(id, in: \.credentials, at: instant) {
            let found = try await self.store.read { store -> (key: AccessKeyRecord, user: IdentityRecord)? in
                guard let key = try store.accessKey(id), key.isActive,
                    let user = try store.identity(IdentityID(account: key.account, kind: .user, name: key.user))
                else { return nil }
                return (key, user)
            }
            guard let (key, user) = found else { return nil }
            return AccessCredential(
                accessKeyID: key.id,
                secret: try self.keyring.open(key.secret, for: .accessKey(key.id)),
                principal: .user(key.account, name: key.user),
                uniqueID: user.uniqueID
            )
        }
    }

    /// What a principal may. One that is no more may nothing.
    ///
    /// - Parameter uniqueID: Of the identity that is meant: one of the same name that was made before or after it has other rights. `nil`
    ///   for whoever has the name.
    package func rights(
        of principal: Principal,
        _ uniqueID: String? = nil,
        at instant: ContinuousClock.Instant = .now
    ) async throws -> Rights {
        let none = Rights(policies: IdentityPolicies(policies: []))
        guard let id = IdentityID(principal) else { return none }
        let isMeant = { @Sendable (rights: Rights) in uniqueID == nil || rights.uniqueID == uniqueID }
        let found = try await self.remembered(id.arn, in: \.rights, at: instant, if: isMeant) {
            try await self.store.read { store in
                guard let identity = try store.identity(id) else { return nil }
                let boundary = try identity.boundary.map { try AttachedPolicy(managed: $0, of: id.account, in: store) }
                let policies = try store.policies(of: id).map { try AttachedPolicy($0, in: store) }
                return Rights(
                    policies: IdentityPolicies(policies: policies, boundary: boundary),
                    tags: identity.tags,
                    uniqueID: identity.uniqueID
                )
            }
        }
        return found.flatMap { isMeant($0) ? $0 : nil } ?? none
    }

    /// A managed policy of an account; `nil` if there is none (any more).
    package func policy(
        _ name: String,
        of account: AccountID,
        at instant: ContinuousClock.Instant = .now
    ) async throws -> AttachedPolicy? {
        try await self.remembered(PolicyName(account: account, name: name), in: \.policies, at: instant) {
            try await self.store.read { store in
                do {
                    return try AttachedPolicy(managed: name, of: account, in: store)
                } catch IdentityError.noSuchPolicy {
                    return nil
                }
            }
        }
    }

    /// Forgets everything: something was changed.
    func forget() {
        self.memory.withLockedValue { memory in memory = Memory(changes: memory.changes + 1) }
    }

    private func remembered<Key: Hashable, Value: Sendable>(
        _ key: Key,
        in entries: WritableKeyPath<Memory, [Key: Entry<Value>]>,
        at instant: ContinuousClock.Instant,
        if isMeant: (Value) -> Bool = { _ in true },
        load: () async throws -> Value?
    ) async throws -> Value? {
        let (known, changes) = self.memory.withLockedValue { ($0[keyPath: entries][key], $0.changes) }
        if let known, instant - known.readAt < Self.lifetime, isMeant(known.value) { return known.value }
        let value = try await load()
        self.memory.withLockedValue { memory in
            guard memory.changes == changes else { return }
            if memory[keyPath: entries].count >= Self.capacity { memory[keyPath: entries].removeAll() }
            memory[keyPath: entries][key] = value.map { Entry(value: $0, readAt: instant) }
        }
        return value
    }
}

extension IdentityID {
    /// The user, or the role of a session; `nil` for an account itself, which no policy is attached to.
    package init?(_ principal: Principal) {
        switch principal {
        case .root: return nil
        case .user(let account, let name): self.init(account: account, kind: .user, name: name)
        case .assumedRole(let account, let role, _): self.init(account: account, kind: .role, name: role)
        }
    }
}
