import Alerting
import Encryption
import SecretModel
import Storage
import Testing

/// A KMS key that cannot be used is told of with those whom it concerns, as long as it concerns anybody.
@Suite("Alerts about KMS keys") struct KeyAlertTests {
    /// A store with a key, and secrets under it.
    private struct Site {
        let alerts: AlertFixture
        var key: AccountKeyRecord

        init(secrets: Int) async throws {
            self.alerts = try await AlertFixture()
            let scope = self.alerts.secret.arn.scope
            let key = AccountKeyRecord(
                id: KeyID("key-1"),
                scope: scope,
                manager: .customer,
                description: "",
                policy: "",
                tags: [],
                createdAt: self.alerts.now
            )
            self.key = key
            let now = self.alerts.now
            try await self.alerts.store.write { store in
                try store.insert(key)
                for number in 0..<secrets {
                    let arn = try #require(SecretARN("arn:aws:secretsmanager:\(scope.region):\(scope.account):secret:s\(number)-AbCdEf"))
                    var secret = SecretRecord(arn: arn, createdAt: now)
                    secret.kmsKeyID = key.arn
                    try store.insert(secret)
                    let token = try #require(VersionID("11111111-2222-4333-8444-555555555555"))
                    let value = SealedValue(format: 2, keyID: key.id, wrappedDataKey: [1], ciphertext: [1])
                    try store.insert(VersionRecord(secret: arn, id: token, value: value, createdAt: now))
                    secret.labels.attach(.current, to: token)
                    try store.update(secret)
                }
            }
        }

        mutating func bring(into state: AccountKeyRecord.State, deletionAt: Timestamp? = nil) async throws {
            (self.key.state, self.key.deletionAt) = (state, deletionAt)
            let (key, now, recorder) = (self.key, self.alerts.now, self.alerts.recorder)
            try await self.alerts.store.write { store in
                try store.update(key)
                try recorder.record(key, at: now, in: store)
            }
            self.alerts.advance(.minutes(1))
        }

        /// Deletes a secret or brings it back, as its owner would.
        func set(_ number: Int, isDeleted: Bool) async throws {
            let (now, scope, recorder) = (self.alerts.now, self.alerts.secret.arn.scope, self.alerts.recorder)
            let name = try #require(SecretName("s\(number)"))
            try await self.alerts.store.write { store in
                var secret = try #require(try store.secret(matching: .name(name), in: scope))
                secret.deletedAt = isDeleted ? now : nil
                try store.update(secret)
                try recorder.review([KeyID("key-1")], at: now, in: store)
            }
            self.alerts.advance(.hours(1))
        }

        /// What was told, in order: name, status, how many secrets, how it ended.
        func told() async throws -> [String] {
            try await self.alerts.waiting().map { message in
                let data = message["data"]
                let parts = [
                    data?["alert"]?["name"]?.stringValue, data?["alert"]?["status"]?.stringValue,
                    data?["secrets"]?["count"]?.integerValue.map(String.init), data?["resolution"]?["reason"]?.stringValue,
                ]
                return parts.compactMap { $0 }.joined(separator: " ")
            }
        }
    }

    @Test func `one alert fires for a key at a time, from its end to the next`() async throws {
        var site = try await Site(secrets: 12)
        try await site.bring(into: .disabled)
        try await site.bring(into: .disabled)
        let date = site.alerts.now + .days(7)
        try await site.bring(into: .pendingDeletion, deletionAt: date)
        let firing = try #require(try await site.alerts.waiting().last { $0["data"]?["alert"]?["status"] == "firing" })
        try await site.bring(into: .disabled)
        try await site.bring(into: .enabled)
        #expect(
            try await site.told() == [
                "SecretKeyDisabled firing 12",
                "SecretKeyDisabled resolved 12 key_deletion_scheduled", "SecretKeyDeletionScheduled firing 12",
                "SecretKeyDisabled firing 12", "SecretKeyDeletionScheduled resolved 12 key_deletion_cancelled",
                "SecretKeyDisabled resolved 0 key_enabled",
            ]
        )
        #expect(firing["type"] == "key.deletion_scheduled" && firing["subject"]?.stringValue == site.key.arn)
        let data = try #require(firing["data"])
        #expect(data["alert"]?["severity"] == "critical" && data["alert"]?["deadline"]?.stringValue == date.rfc3339)
        #expect(data["alert"]?["secondsToDeadline"] == 604_800)
        #expect(data["secrets"]?["first"]?.arrayValue?.count == 10)
        #expect(data["key"]?["deletionDate"]?.stringValue == date.rfc3339 && data["key"]?["state"] == "PendingDeletion")
        #expect(data["error"]?["message"]?.stringValue?.contains("The KMS key of 12 secrets is to be deleted at \(date.rfc3339)") == true)
        #expect(data["error"]?["action"]?.stringValue?.contains("aws kms cancel-key-deletion --key-id \(site.key.arn)") == true)
    }

    @Test func `a key that no secret needs is no alarm: the last one that leaves ends it, one that is back raises it`() async throws {
        var unused = try await Site(secrets: 0)
        try await unused.bring(into: .pendingDeletion, deletionAt: unused.alerts.now + .days(7))
        #expect(try await unused.told() == [])

        var site = try await Site(secrets: 2)
        try await site.bring(into: .disabled)
        for number in 0..<2 {
            for _ in 1...2 { try await site.set(number, isDeleted: true) }
        }
        try await site.set(0, isDeleted: false)
        #expect(
            try await site.told() == [
                "SecretKeyDisabled firing 2", "SecretKeyDisabled resolved 0 no_secret_needs_the_key", "SecretKeyDisabled firing 1",
            ]
        )
    }

    @Test func `a value needs its key whatever key its secret names, until it has no label any more`() async throws {
        var site = try await Site(secrets: 1)
        let (alerts, name) = (site.alerts, try #require(SecretName("s0")))
        func replace(_ version: String) async throws {
            let (now, scope, recorder) = (alerts.now, alerts.secret.arn.scope, alerts.recorder)
            let token = try #require(VersionID(version))
            try await alerts.store.write { store in
                var secret = try #require(try store.secret(matching: .name(name), in: scope))
                let value = SealedValue(format: 2, keyID: KeyID("default"), wrappedDataKey: [1], ciphertext: [1])
                try store.insert(VersionRecord(secret: secret.arn, id: token, value: value, createdAt: now))
                secret.kmsKeyID = nil
                secret.labels.attach(.current, to: token)
                try store.update(secret)
                try recorder.review(at: now, in: store)
            }
            alerts.advance(.hours(1))
        }
        try await replace("21111111-2222-4333-8444-555555555555")
        try await site.bring(into: .disabled)
        #expect(try await site.told() == ["SecretKeyDisabled firing 1"], "it is AWSPREVIOUS")
        try await replace("31111111-2222-4333-8444-555555555555")
        #expect(try await site.told() == ["SecretKeyDisabled firing 1", "SecretKeyDisabled resolved 0 no_secret_needs_the_key"])
    }

    @Test func `what is lost with a key counts secrets that can still be restored`() async throws {
        var site = try await Site(secrets: 2)
        try await site.set(0, isDeleted: true)
        try await site.bring(into: .disabled)
        try await site.bring(into: .pendingDeletion, deletionAt: site.alerts.now + .days(7))
        try await site.set(1, isDeleted: true)
        #expect(
            try await site.told() == [
                "SecretKeyDisabled firing 1", "SecretKeyDisabled resolved 2 key_deletion_scheduled", "SecretKeyDeletionScheduled firing 2",
            ]
        )
    }

    @Test func `a key that is gone is told of until no secret has a value under it any more`() async throws {
        var site = try await Site(secrets: 1)
        let date = site.alerts.now + .days(7)
        try await site.bring(into: .pendingDeletion, deletionAt: date)
        let (key, now, recorder) = (site.key, site.alerts.now, site.alerts.recorder)
        try await site.alerts.store.write { store in
            try store.deleteAccountKey(key.id)
            try recorder.record(key, at: now, in: store)
            try recorder.review([key.id], at: now, in: store)
        }
        #expect(try await site.told() == ["SecretKeyDeletionScheduled firing 1", "SecretKeyDeletionScheduled firing 1"])
        let alerts = try await site.alerts.store.read { try $0.firingKeyAlerts() }
        #expect(alerts.count == 1)
        let data = try #require(alerts.first?.data)
        #expect(data["key"]?["state"] == "Deleted" && data["error"]?["code"] == "key_deleted")
        #expect(data["error"]?["message"]?.stringValue?.contains("The KMS key of 1 secret was deleted") == true)
        #expect(data["secrets"]?["first"]?.arrayValue?.first?.stringValue?.contains(":secret:s0-") == true)

        site.alerts.advance(.hours(1))
        let (scope, later, name) = (site.alerts.secret.arn.scope, site.alerts.now, try #require(SecretName("s0")))
        try await site.alerts.store.write { store in
            try store.delete(try #require(try store.secret(matching: .name(name), in: scope)).arn)
            try recorder.review(at: later, in: store)
        }
        #expect(try await site.told().last == "SecretKeyDeletionScheduled resolved 0 no_secret_needs_the_key")
        let last = try #require(try await site.alerts.waiting().last)
        #expect(last["subject"]?.stringValue == key.arn && last["data"]?["key"]?["deletionDate"]?.stringValue == date.rfc3339)
    }
}
