import Encryption
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

extension RotationRequests {
    /// How often a request is checked anew because the secret changed between check and commit.
    private static let rounds = 5

    /// Checks a request and commits it, both on the same revision of the secret.
    func change(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        startsRun: Bool,
        _ body: @escaping @Sendable (RotationChange, Timestamp, StoreTransaction) throws -> SecretRecord
    ) async throws(RotationRequestError) -> SecretRecord {
        var last = StoreError.failed("the secret changes too often")
        for _ in 0..<Self.rounds {
            let change = try await self.check(reference, in: scope, request, startsRun: startsRun)
            do {
                return try await self.committed { now, store in
                    let stored = try self.stored(change.secret.arn, in: store)
                    guard stored.revision == change.secret.revision else { throw StoreError.revisionConflict(stored.arn) }
                    return try body(change, now, store)
                }
            } catch .store(.revisionConflict(let arn)) {
                last = .revisionConflict(arn)
            }
        }
        throw .store(last)
    }

    /// The checks, in the order of `aws-api.md` §6.16. Nothing is written.
    private func check(
        _ reference: SecretReference,
        in scope: SecretScope,
        _ request: Rotate,
        startsRun: Bool
    ) async throws(RotationRequestError) -> RotationChange {
        let snapshot = try await self.snapshot(reference, in: scope, token: startsRun ? request.token : nil)
        let (rotation, rotator) = try await self.settings(of: snapshot.secret, request)
        if snapshot.run != nil {
            return RotationChange(secret: snapshot.secret, rotation: rotation, manifest: rotator.manifest, isRepeated: true)
        }
        if startsRun, let unfinished = snapshot.unfinished { throw .previousRotationIncomplete(unfinished.id.token) }
        if snapshot.hasTokenVersion { throw .tokenInUse(request.token, snapshot.secret.arn) }
        guard let current = snapshot.current else { throw .noValue }
        let bound = try await self.bound(rotation, to: snapshot, current, request, rotator)
        return RotationChange(secret: snapshot.secret, rotation: bound, manifest: rotator.manifest, isRepeated: false)
    }

    func snapshot(
        _ reference: SecretReference,
        in scope: SecretScope,
        token: VersionID?
    ) async throws(RotationRequestError) -> RotationSnapshot {
        try await self.read { try RotationSnapshot(reference, in: scope, token: token, parts: self.parts, store: $0) }
    }

    /// The stored settings with what the request changes, and the rotator that they name.
    func settings(of secret: SecretRecord, _ request: Rotate?) async throws(RotationRequestError) -> (RotationRecord, any Rotator) {
        guard let lambdaARN = request?.lambdaARN ?? secret.rotation?.lambdaARN else { throw .noRotator }
        guard let name = RotatorName(lambdaARN: lambdaARN) ?? RotatorName(lambdaARN),
            let rotator = await self.parts.rotators.rotator(named: name)
        else { throw .rotatorNotInvokable(lambdaARN) }
        var rotation = secret.rotation ?? RotationRecord(rotator: name, lambdaARN: lambdaARN)
        (rotation.isEnabled, rotation.rotator, rotation.lambdaARN) = (true, name, lambdaARN)
        if let rules = request?.rules {
            do throws(InvalidRules) { try rules.validate() } catch { throw .invalidRules(error.description) }
            rotation.rules = rules
        }
        if let settings = request?.settings { rotation.settings = settings }
        return (rotation, rotator)
    }

    /// Binds admin secret and account, and sets the dates if the rules are new or rotation was off (I5).
    private func bound(
        _ unbound: RotationRecord,
        to snapshot: RotationSnapshot,
        _ current: SecretValue,
        _ request: Rotate,
        _ rotator: any Rotator
    ) async throws(RotationRequestError) -> RotationRecord {
        var rotation = unbound
        let arn = snapshot.secret.arn
        rotation.admin = try await self.admin(of: snapshot.secret, rotation, current, request.admin, rotator.manifest)
        let identity = try self.identity(of: current, rotation, rotator)
        (rotation.target, rotation.account) = (identity.target, identity.account)
        let owner = try await self.read { try $0.owner(ofAccount: identity.account, onTarget: identity.target) }
        if let owner, owner != arn { throw .accountOwned(by: owner) }
        let old = snapshot.secret.rotation
        if let old, old.isEnabled, old.rules == rotation.rules, old.nextWindow != nil || old.rules == nil { return rotation }
        let (base, now) = (old?.lastRotatedAt ?? snapshot.currentMadeAt, self.parts.time.now())
        return try await self.read { [rotation] store in
            var planned = rotation
            do {
                try self.parts.plan(&planned, of: arn, base: base ?? now, at: now, in: store)
            } catch let error as InvalidRules {
                throw RotationRequestError.invalidRules(error.description)
            }
            return planned
        }
    }

    func identity(
        of current: SecretValue,
        _ rotation: RotationRecord,
        _ rotator: any Rotator
    ) throws(RotationRequestError) -> TargetIdentity {
        let settings = RotatorSettings(password: rotation.settings.password ?? .default, options: rotation.settings.options)
        do throws(RotationFailure) {
            return try rotator.identity(of: current, settings: settings)
        } catch {
            throw .invalidRules(error.message)
        }
    }

    /// The admin secret that the request names, else the one bound before, else the one that the secret's own JSON names. It is bound
    /// here: who may write the secret later cannot aim it elsewhere (`rotation-contract.md` W24).
    func admin(
        of secret: SecretRecord,
        _ rotation: RotationRecord,
        _ current: SecretValue,
        _ named: SecretReference?,
        _ manifest: RotatorManifest
    ) async throws(RotationRequestError) -> SecretARN? {
        let isOptional = named == nil && rotation.admin == nil && !manifest.requiresAdmin
        guard let reference = named ?? rotation.admin.map({ .arn($0) }) ?? RotationRequests.masterARN(in: current) else {
            if manifest.requiresAdmin { throw .adminSecretRequired(manifest.name) }
            return nil
        }
        let found = try await self.read { try $0.secret(matching: reference, in: secret.arn.scope) }
        guard let found, found.deletedAt == nil, found.arn != secret.arn else {
            if isOptional { return nil }
            throw .adminSecretMissing(reference.text)
        }
        return found.arn
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

extension SecretReference {
    /// For messages.
    var text: String {
        switch self {
        case .name(let name): name.description
        case .arn(let arn): arn.description
        case .partialARN(let scope, let name): "arn:aws:secretsmanager:\(scope.region):\(scope.account):secret:\(name)"
        }
    }
}
