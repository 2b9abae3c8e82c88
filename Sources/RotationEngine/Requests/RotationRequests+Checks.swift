import Encryption
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

/// A rotator, found before a transaction begins, since that may run a script; and the name by which it was asked for.
package struct FoundRotator: Sendable {
    let lambdaARN: String
    let name: RotatorName
    let rotator: any Rotator
}

extension RotationRequests {
    /// The checks, in the order of `aws-api.md` §6.16. Nothing is written.
    ///
    /// - Throws: `StoreError.revisionConflict` if the secret's settings name another rotator by now.
    func check(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        _ found: FoundRotator,
        mayUse check: @escaping AdminCheck,
        startsRun: Bool,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> RotationChange {
        let token = startsRun ? request.token : nil
        let snapshot = try RotationSnapshot(reference, in: scope, token: token, parts: self.parts, store: store)
        let rotation = try self.settings(of: snapshot.secret, request, found)
        let manifest = found.rotator.manifest
        if snapshot.run != nil {
            return RotationChange(secret: snapshot.secret, rotation: rotation, manifest: manifest, isRepeated: true)
        }
        if startsRun, let unfinished = snapshot.unfinished { throw RotationRequestError.previousRotationIncomplete(unfinished.id.token) }
        if snapshot.hasTokenVersion { throw RotationRequestError.tokenInUse(request.token, snapshot.secret.arn) }
        guard let current = snapshot.current else { throw RotationRequestError.noValue }
        let bound = try self.bound(rotation, to: snapshot, current, request, found.rotator, mayUse: check, at: now, in: store)
        return RotationChange(secret: snapshot.secret, rotation: bound, manifest: manifest, isRepeated: false)
    }

    func snapshot(_ reference: SecretReference, in scope: SecretScope) async throws(RotationRequestError) -> RotationSnapshot {
        try await self.read { try RotationSnapshot(reference, in: scope, token: nil, parts: self.parts, store: $0) }
    }

    /// The rotator that a request names, else the one that the secret has.
    func rotator(of secret: SecretRecord, _ request: Rotate?) async throws(RotationRequestError) -> FoundRotator {
        guard let lambdaARN = request?.lambdaARN ?? secret.rotation?.lambdaARN else { throw .noRotator }
        return try await self.rotator(lambdaARN)
    }

    func rotator(_ lambdaARN: String) async throws(RotationRequestError) -> FoundRotator {
        guard let name = RotatorName(lambdaARN: lambdaARN) ?? RotatorName(lambdaARN),
            let rotator = await self.parts.rotators.rotator(named: name)
        else { throw .rotatorNotInvokable(lambdaARN) }
        return FoundRotator(lambdaARN: lambdaARN, name: name, rotator: rotator)
    }

    /// The stored settings with what the request changes.
    func settings(of secret: SecretRecord, _ request: Rotate?, _ found: FoundRotator) throws(RotationRequestError) -> RotationRecord {
        guard request?.lambdaARN ?? secret.rotation?.lambdaARN == found.lambdaARN else { throw .store(.revisionConflict(secret.arn)) }
        var rotation = secret.rotation ?? RotationRecord(rotator: found.name, lambdaARN: found.lambdaARN)
        (rotation.isEnabled, rotation.rotator, rotation.lambdaARN) = (true, found.name, found.lambdaARN)
        if let rules = request?.rules {
            do throws(InvalidRules) { try rules.validate() } catch { throw .invalidRules(error.description) }
            rotation.rules = rules
        }
        if let settings = request?.settings { rotation.settings = settings }
        return rotation
    }

    /// Binds admin secret and account, and sets the dates if the rules are new or rotation was off (I5).
    private func bound(
        _ unbound: RotationRecord,
        to snapshot: RotationSnapshot,
        _ current: SecretValue,
        _ request: Rotate,
        _ rotator: any Rotator,
        mayUse check: @escaping AdminCheck,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws -> RotationRecord {
        var rotation = unbound
        let arn = snapshot.secret.arn
        rotation.bind(to: try self.identity(of: current, rotation, rotator))
        rotation.admin = try self.admin(of: snapshot.secret, rotation, current, request.admin, rotator.manifest, mayUse: check, in: store)
        try self.checkOwnership(of: rotation, arn, in: store)
        let old = snapshot.secret.rotation
        if let old, old.isEnabled, old.rules == rotation.rules, old.nextWindow != nil || old.rules == nil { return rotation }
        let base = old?.lastRotatedAt ?? snapshot.currentMadeAt ?? now
        do {
            try self.parts.plan(&rotation, of: arn, base: base, at: now, in: store)
        } catch let error as InvalidRules {
            throw RotationRequestError.invalidRules(error.description)
        }
        return rotation
    }

    func identity(
        of current: SecretValue,
        _ rotation: RotationRecord,
        _ rotator: any Rotator
    ) throws(RotationRequestError) -> TargetIdentity {
        do throws(RotationFailure) {
            return try rotator.identity(of: current, settings: rotation.rotatorSettings)
        } catch {
            throw .invalidRules(error.message)
        }
    }

    /// Makes sure that no other secret rotates the same account.
    ///
    /// - Throws: `accountOwned`.
    func checkOwnership(of rotation: RotationRecord, _ secret: SecretARN, in store: some ReadableStore) throws {
        guard let (account, target) = rotation.account.flatMap({ account in rotation.target.map { (account, $0) } }),
            let owner = try store.owner(ofAccount: account, onTarget: target), owner != secret
        else { return }
        throw RotationRequestError.accountOwned(by: owner.scope.account == secret.scope.account ? owner : nil)
    }

    /// The admin secret that the request names, else the one bound before, else the one that the secret's own JSON names. It is bound
    /// here: who may write the secret later cannot aim it elsewhere (`rotation-contract.md` W24).
    ///
    /// Whoever binds another, or has the one that is bound used on another account, target or rotator or with other settings, must be
    /// allowed to read it.
    ///
    /// - Parameter rotation: Bound to its account already.
    func admin(
        of secret: SecretRecord,
        _ rotation: RotationRecord,
        _ current: SecretValue,
        _ named: SecretReference?,
        _ manifest: RotatorManifest,
        mayUse check: AdminCheck,
        in store: some ReadableStore
    ) throws -> SecretARN? {
        let isOptional = named == nil && rotation.admin == nil && !manifest.requiresAdmin
        guard let reference = named ?? rotation.admin.map({ .arn($0) }) ?? RotationRequests.masterARN(in: current) else {
            if manifest.requiresAdmin { throw RotationRequestError.adminSecretRequired(manifest.name) }
            return nil
        }
        // Nobody binds the administrator of another account to a secret of his own, or learns whether there is one.
        if reference.isWithin(secret.arn.scope) {
            let found = try store.head(matching: reference, in: secret.arn.scope)
            // Asked also of one that is not there: who may not read it does not learn that.
            if found == nil || found?.arn != secret.rotation?.admin || !rotation.isAimed(as: secret.rotation) {
                try check(reference, found, store)
            }
            if let found, found.deletedAt == nil, found.arn != secret.arn { return found.arn }
        }
        if isOptional { return nil }
        throw RotationRequestError.adminSecretMissing(reference.text)
    }

    private static func masterARN(in value: SecretValue) -> SecretReference? {
        guard let text = value.string else { return nil }
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: text)["masterarn"]?.stringValue.flatMap { SecretReference($0) }
        } catch {
            // A value that is no JSON names no admin secret; whether its rotator can use it is the rotator's to say.
            return nil
        }
    }
}

extension RotationRecord {
    /// Whether what an admin secret is used for is the same.
    fileprivate func isAimed(as other: RotationRecord?) -> Bool {
        guard let other else { return false }
        return self.target == other.target && self.account == other.account && self.rotator == other.rotator
            && self.settings == other.settings
    }
}

extension SecretReference {
    fileprivate func isWithin(_ scope: SecretScope) -> Bool {
        switch self {
        case .name: true
        case .arn(let arn): arn.scope == scope
        case .partialARN(let named, _): named == scope
        }
    }
}
