import Alerting
import Encryption
import RotationEngine
import RotationModel
import SecretModel
import Storage
import Testing

/// Runs take values from under KMS keys, and so end alerts about keys.
@Suite(.timeLimit(.minutes(10))) struct KeyAlertEndTests {
    @Test("The end of a run ends the alert about a key that no secret needs any more")
    func endOfARun() async throws {
        let house = try await EngineHouse()
        let (secret, other) = (try await house.makeSecret(), try await house.makeSecret("other"))
        let (now, recorder) = (house.time.now, house.parts.alerts)
        try await house.store.write { store in
            var key = AccountKeyRecord(
                id: KeyID("key-1"),
                scope: EngineHouse.scope,
                manager: .customer,
                description: "",
                policy: "",
                tags: [],
                createdAt: now
            )
            key.state = .disabled
            try store.insert(key)
            var version = try #require(try store.versions(of: other).first)
            version.value = SealedValue(format: 2, keyID: key.id, wrappedDataKey: [1], ciphertext: [1])
            try store.update(version)
            try recorder.record(key, at: now, in: store)
            // Nobody is told that the last value goes: the run has to find that.
            try store.delete(other)
        }
        try await house.rotate(secret)
        #expect(try await house.store.read { try $0.firingKeyAlerts().map(\.name) } == ["SecretKeyDisabled"])
        await house.engine().workOnce()
        #expect(try await house.run(secret).state == .succeeded)
        #expect(try await house.store.read { try $0.firingKeyAlerts() } == [])
    }
}
