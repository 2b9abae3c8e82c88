import Encryption
import RotationModel
import SecretModel
import Storage

extension SimulatedWorld {
    /// Makes accounts, secrets and rules, before anything goes wrong.
    func settle() async throws {
        var admins: [String: SecretARN] = [:]
        for target in self.targets {
            let admin = Credential(host: target.name, username: "root", password: SimulatedTarget.adminPassword)
            admins[target.name] = try await self.make("admin-\(target.name)", admin)
        }
        let process = SimulatedProcess(self, node: 0, life: 0)
        let people = SimulatedPeople(world: self)
        for (index, planned) in self.plan.secrets.enumerated() {
            let target = self.targets[planned.host]
            let credential = Credential(host: target.name, username: "u\(index)", password: self.newPassword())
            let hasAdmin = planned.hasAdmin || planned.strategy == .alternatingUsers
            // A value made from a template: nobody has set it on the target yet.
            let isUnset = hasAdmin && planned.strategy != .alternatingUsers && self.random.chance(0.15)
            let live = isUnset ? self.newPassword() : credential.password
            target.edit { state in
                state.accounts[credential.username] = SimulatedTarget.Account(passwords: [live], isOurs: !isUnset)
            }
            let arn = try await self.make("s\(index)", credential)
            let truth = SecretTruth(
                arn: arn,
                target: target,
                strategy: planned.strategy,
                isCurrentByHand: isUnset,
                isHealthy: self.isHealthy(target)
            )
            self.model.add(truth)
            try await people.configure(truth, process, planned.rules, admin: hasAdmin ? admins[target.name] : nil)
        }
        process.end("is done setting up")
    }

    private func make(_ name: String, _ credential: Credential) async throws -> SecretARN {
        let random = self.random
        guard let secretName = SecretName(name),
            let arn = SecretARN(scope: EngineHouse.scope, name: secretName, suffix: "\(100_000 + random.int(0...899_999))")
        else { throw SimulatedProcess.Died() }
        let (version, now, keyring) = (self.newToken(), self.clock.now, self.keyring)
        let sealed = try keyring.seal(credential.value, for: .version(arn, version))
        try await self.store.write { store in
            var secret = SecretRecord(arn: arn, createdAt: now)
            secret.labels.attach(.current, to: version)
            try store.insert(secret)
            try store.insert(VersionRecord(secret: arn, id: version, value: sealed, createdAt: now))
        }
        return arn
    }
}

extension SimulationModel {
    func add(_ truth: SecretTruth) { self.state.value.truths[truth.arn] = truth }

    /// A person asks for a run of that token.
    func ask(_ token: VersionID, of secret: SecretARN) { self.state.value.truths[secret]?.asked.insert(token) }
}
