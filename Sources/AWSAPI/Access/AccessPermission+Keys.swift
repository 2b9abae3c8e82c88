import Access
import Encryption
import KeyManagement
import SecretModel
import Secrets
import Storage

/// Leave to use KMS keys: by calls of KMS itself, and by those on secrets, which use keys as their caller (`aws-service.md` §2.2).
extension AccessPermission {
    /// What a call of KMS does with a key.
    struct KeyUsage: Sendable {
        enum Subject: Sendable {
            case key(KeyReference)
            /// An alias itself, whatever key it names: it has no policy of its own.
            case alias(KeyReference)
            /// Where the call names no key.
            case everything
        }

        let action: String
        let subject: Subject
        let context: RequestContext?
    }

    /// - Throws: `AccessDenial`, `StoreError`, `PolicySyntaxError`.
    func check(_ uses: [KeyUsage], _ store: some ReadableStore) throws {
        for use in uses {
            let (decision, named) = try self.decide(use, store)
            guard case .refused(let refusal) = decision else { continue }
            let sent = self.input.string("KeyId") ?? named
            throw AccessDenial(principalARN: self.facts.principal.arn, action: use.action, resource: sent, refusal: refusal)
        }
        self.grant()
    }

    /// - Returns: Also what was asked about, in the caller's words: which key an alias names is not told.
    private func decide(_ use: KeyUsage, _ store: some ReadableStore) throws -> (AccessDecision, named: String) {
        let scope = self.facts.scope
        switch use.subject {
        case .key(let key):
            let alias = key.alias.map { RequestContext(["kms:RequestAlias": .one($0)]) }
            let context = alias.map { alias in use.context.map { $0.overridden(by: alias) } ?? alias } ?? use.context
            return (try self.decide(use.action, onKey: key, in: scope, store, context), key.arn(in: scope))
        case .alias(let alias):
            let (arn, owner) = (alias.arn(in: scope), alias.scope ?? scope)
            let facts = ResourceFacts(arn: arn, scope: owner, isSecret: false, tags: [], lambdaARN: nil)
            return (self.decide(use.action, on: arn, of: owner.account, facts), arn)
        case .everything: return (self.decide(use.action, on: "*", of: scope.account), "*")
        }
    }

    /// The keys that a call's use of the values takes.
    func checkKeys(
        of secret: ResourceFacts,
        _ head: SecretHead?,
        _ use: AccessRule.ValueUse,
        _ store: some ReadableStore
    ) throws {
        switch use {
        case .none: return
        case .writes:
            guard let head else { return }
            try self.checkComparing(of: secret, head, store)
            try self.checkKey(head.kmsKeyID, Self.sealing, of: secret, store)
        case .creates:
            try self.checkWriting(of: secret, nil, store)
            // A call that is repeated has its value compared with the one that is there, under whatever key that is.
            guard let name = self.input.string("Name").flatMap({ SecretName($0) }),
                let existing = try SecretService.head(of: .name(name), in: secret.scope, at: self.facts.now, store)
            else { return }
            try self.checkComparing(
                of: try ResourceFacts(.arn(existing.arn), existing, callerScope: self.facts.scope),
                existing,
                store
            )
        case .writesWithChosenKey:
            // A change of the key opens the values under the ones that they have.
            if self.input.has("KmsKeyId"), let head {
                let moving = try store.versionsMovedWithKey(of: head)
                try self.checkOpening(try moving.compactMap { try store.version($0, of: head.arn) }, of: secret, store)
            }
            if let head { try self.checkComparing(of: secret, head, store) }
            try self.checkWriting(of: secret, head, store)
        case .copies:
            guard let head else { return }
            try self.checkOpening(try store.versions(of: head.arn), of: secret, store)
        }
    }

    /// What a call asks that reads the value at a label as a part of what it does.
    func checkReading(
        of reference: SecretReference,
        named sent: String,
        label: StagingLabel,
        _ head: SecretHead?,
        _ store: some ReadableStore
    ) throws {
        let further = RequestContext(["secretsmanager:VersionStage": .one(label.description)])
        let secret = try self.checkSecret(["secretsmanager:GetSecretValue"], on: reference, named: sent, head, store, further)
        guard let head, let holder = head.labels.holder(of: label), let version = try store.version(holder, of: head.arn) else { return }
        try self.checkOpening([version], of: secret, store)
    }

    private static let sealing = ["kms:GenerateDataKey", "kms:Decrypt"]

    private func checkWriting(of secret: ResourceFacts, _ head: SecretHead?, _ store: some ReadableStore) throws {
        let isChosen = self.input.has("KmsKeyId")
        guard isChosen || self.input.has("SecretString") || self.input.has("SecretBinary") else { return }
        let key = isChosen ? self.input.nonEmptyString("KmsKeyId") : head?.kmsKeyID
        try self.checkKey(key, Self.sealing, of: secret, store)
    }

    /// A token that names a version has its value compared with the one that was sent, which tells whether they are the same.
    private func checkComparing(of secret: ResourceFacts, _ head: SecretHead, _ store: some ReadableStore) throws {
        guard let token = self.input.string("ClientRequestToken").flatMap(VersionID.init),
            let version = try store.version(token, of: head.arn)
        else { return }
        try self.checkOpening([version], of: secret, store)
    }

    /// The keys that values are under, which need not be the one that the secret names now. A key that is gone opens nothing, and asks
    /// nothing.
    private func checkOpening(_ versions: [VersionRecord], of secret: ResourceFacts, _ store: some ReadableStore) throws {
        var seen: Set<KeyID> = []
        for sealed in versions.compactMap(\.value) where seen.insert(sealed.keyID).inserted {
            guard try sealed.generation() != nil else {
                try self.checkKey(nil, ["kms:Decrypt"], of: secret, store)
                continue
            }
            guard let key = try store.accountKey(sealed.keyID) else { continue }
            try self.checkKey(key.manager == .aws ? nil : key.arn, ["kms:Decrypt"], of: secret, store)
        }
    }

    /// A customer's key needs leave of its own, the default key is for its account.
    ///
    /// - Parameter text: As `KmsKeyId` names the key; `nil` for the default key.
    /// - Throws: `SecretServiceError.keyAccessDenied`, `.defaultKeyAcrossAccounts`; `KeyUseError` for a text that can name no key.
    func checkKey(_ text: String?, _ actions: [String], of secret: ResourceFacts, _ store: some ReadableStore) throws {
        let reference: KeyReference?
        do { reference = try text.map { try KeyReference($0) } } catch let error as KeyServiceError {
            throw KeyUseError.cannotEncrypt(error)
        }
        guard let reference, !reference.isDefault(in: secret.scope) else {
            guard secret.scope.account == self.facts.principal.account else { throw SecretServiceError.defaultKeyAcrossAccounts }
            return try self.checkDefaultKey(actions, of: secret, store)
        }
        for action in actions {
            let decision = try self.decide(action, onKey: reference, in: secret.scope, store, Self.context(of: secret))
            guard decision.isAllowed else { throw SecretServiceError.keyAccessDenied }
        }
    }

    /// Its policy lets everyone of the account use it by way of a secret: only an explicit deny of the caller's policies stands against it.
    private func checkDefaultKey(_ actions: [String], of secret: ResourceFacts, _ store: some ReadableStore) throws {
        guard let key = try store.key(.defaultOfSecrets, in: secret.scope) else { return }
        for action in actions {
            let decision = self.decide(action, on: key.arn, of: key.scope.account, nil, nil, Self.context(of: secret))
            if case .refused(.explicit) = decision { throw SecretServiceError.keyAccessDenied }
        }
    }

    /// How KMS sees a call that Secrets Manager makes for its caller.
    private static func context(of secret: ResourceFacts) -> RequestContext {
        RequestContext([
            "kms:ViaService": .one("secretsmanager.\(secret.scope.region).amazonaws.com"),
            "kms:EncryptionContext:SecretARN": .one(secret.arn),
            "kms:EncryptionContextKeys": .many(["SecretARN", "SecretVersionId"]),
            "aws:RequestedRegion": .one(secret.scope.region.description),
            "aws:ViaAWSService": .one("true"),
            "aws:CalledVia": .many(["secretsmanager.amazonaws.com"]),
        ])
    }

    /// What it takes to be told what a key's policy decides. Whether there is such a key is no part of a refusal.
    func checkReadingPolicy(ofKey key: KeyReference, _ store: some ReadableStore) throws {
        let action = "kms:GetKeyPolicy"
        if self.facts.principal.account == .initial, let scope = key.scope, scope.account != .initial {
            // The installation's own account manages what the identities of the others may.
            try self.check([action], onARN: key.arn(in: scope), of: .initial, named: key.arn(in: scope))
        } else {
            try self.check([KeyUsage(action: action, subject: .key(key), context: nil)], store)
        }
    }

    /// The policy of a key is the root of all leave to use it (`aws-service.md` §2.3). Of a key that is not there, only the caller's
    /// policies speak.
    func decide(
        _ action: String,
        onKey reference: KeyReference,
        in scope: SecretScope,
        _ store: some ReadableStore,
        _ further: RequestContext? = nil
    ) throws -> AccessDecision {
        guard let key = try store.key(reference, in: scope) else {
            return self.decide(action, on: reference.arn(in: scope), of: (reference.scope ?? scope).account, nil, nil, further)
        }
        let policy = AttachedPolicy(name: "the key's policy", document: try self.policies.document(key.policy))
        let facts = ResourceFacts(arn: key.arn, scope: key.scope, isSecret: false, tags: key.tags, lambdaARN: nil)
        return self.decide(action, on: key.arn, of: key.scope.account, facts, policy, weight: .required, further)
    }
}

extension KeyReference {
    /// The name of the alias by which the key is meant; `nil` for one that is named by itself.
    fileprivate var alias: String? { if case .alias(let name) = self.target { name } else { nil } }

    /// Whether an action is about the alias and not about the key that it names, as far as an alias is meant.
    func isAliasItself(for action: String) -> Bool {
        self.alias != nil && ["kms:createalias", "kms:updatealias", "kms:deletealias"].contains(asciiLowercased(action))
    }

    /// - Returns: `nil` for what is no ARN of a key or an alias.
    init?(namedInARN text: String) {
        guard text.utf8.starts(with: "arn:".utf8) else { return nil }
        do throws(KeyServiceError) { try self.init(text) } catch { return nil }
    }
}

extension ReadableStore {
    /// The key that a text of a caller of this account and region names, of whatever account.
    fileprivate func key(_ reference: KeyReference, in scope: SecretScope) throws -> AccountKeyRecord? {
        switch reference.target {
        case .key(let id):
            let found = try self.accountKey(id)
            return reference.scope == nil || reference.scope == found?.scope ? found : nil
        case .alias(let name): return try self.accountKey(named: name, in: reference.scope ?? scope)
        }
    }
}
