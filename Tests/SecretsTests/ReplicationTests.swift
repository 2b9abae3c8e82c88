import KeyManagement
import SecretModel
import Secrets
import Storage
import TestSupport
import Testing

@Suite("Replicas follow their primary in the same transaction (aws-service.md §6)")
struct ReplicationTests {
    // swift-format-ignore: NeverForceUnwrap
    static let region = RegionName("us-east-1")!
    static let replicaScope = SecretScope(account: .initial, region: Self.region)

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func whateverChangesThePrimaryChangesTheReplica(seed: UInt64) async throws {
        let fixture = try await SecretsFixture()
        var random = SeededGenerator(seed: seed)
        let primary = try await fixture.create("db")
        _ = try await fixture.service.replicate(
            SecretsFixture.name("db"),
            to: [ReplicaRequest(region: Self.region, kmsKeyID: nil)],
            overwrites: false,
            SecretsFixture.origin()
        )
        try await fixture.enableRotation()
        for number in 1...40 {
            let change = Change.allCases.randomElement(using: &random) ?? .put
            // A refused change is as good a test as another: then neither may have changed.
            do { try await change.make(number, fixture, primary.arn) } catch is SecretServiceError {} catch is VersionMoveError {}
            #expect(try await fixture.picture(Self.replicaScope) == fixture.picture(), "seed \(seed), change \(number): \(change)")
        }
    }

    /// One way to change a secret, by its owner or by a run.
    enum Change: CaseIterable {
        case put, putWithLabel, update, describe, tag, untag, putPolicy, deletePolicy, swap, removeLabel
        case register, fill, promote, drop

        func make(_ number: Int, _ fixture: SecretsFixture, _ arn: SecretARN) async throws {
            let (name, origin, at) = (
                SecretsFixture.name("db"), SecretsFixture.origin(after: .hours(Int64(number))), SecretsFixture.start + .hours(Int64(number))
            )
            let (service, moves, value) = (fixture.service, fixture.moves, "value \(number)")
            let run = SecretsFixture.token("run")
            switch self {
            case .put: try await fixture.put("value \(number)", "put\(number)")
            case .putWithLabel: try await fixture.put("value \(number)", "put\(number)", ["blue"])
            case .update:
                _ = try await service.update(
                    name,
                    .init(value: SecretValue(string: value)),
                    token: SecretsFixture.token("up\(number)"),
                    origin
                )
            case .describe: _ = try await service.update(name, .init(description: "\(number)"), token: run, origin)
            case .tag: try await service.tag(name, with: [Tag(key: "k\(number % 3)", value: "\(number)")], origin)
            case .untag: try await service.untag(name, keys: ["k1"], origin)
            case .putPolicy:
                let text = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#
                _ = try await service.putPolicy(text, blocksPublic: false, on: name, origin)
            case .deletePolicy: _ = try await service.deletePolicy(of: name, origin)
            case .swap:
                let labels = try await service.describe(name, origin).labels
                _ = try await service.move(.current, from: labels.holder(of: .current), to: labels.holder(of: .previous), of: name, origin)
            case .removeLabel:
                guard let blue = StagingLabel("blue") else { return }
                let holder = try await service.describe(name, origin).labels.holder(of: blue)
                _ = try await service.move(blue, from: holder, to: nil, of: name, origin)
            case .register:
                try await fixture.store.write { store in
                    try moves.registerPending(run, of: #require(try store.secret(arn)), at: at, in: store)
                }
            // Again for a version that is filled: I3's replaced value.
            case .fill: try await fixture.store.write { try fixture.fillPending(run, of: arn, with: value, at: at, in: $0) }
            case .promote:
                try await fixture.store.write { store in
                    _ = try moves.promote(run, of: #require(try store.secret(arn)), at: at, in: store)
                }
            case .drop: try await fixture.store.write { try moves.dropPending(run, of: arn, isTemporary: true, at: at, in: $0) }
            }
        }
    }

    @Test func aStoppedReplicaLivesOnByItself() async throws {
        let fixture = try await SecretsFixture()
        try await fixture.create("db")
        let (name, there) = (SecretsFixture.name("db"), SecretsFixture.origin(scope: Self.replicaScope))
        let request = ReplicaRequest(region: Self.region, kmsKeyID: nil)
        _ = try await fixture.service.replicate(name, to: [request], overwrites: false, SecretsFixture.origin())
        try await fixture.refuses(.notAReplica) { _ = try await fixture.service.stopReplication(to: name, SecretsFixture.origin()) }
        _ = try await fixture.service.stopReplication(to: name, there)
        try await fixture.put("two", "second")
        #expect(try await fixture.service.get(name, there).value.string == "one")
        #expect(try await fixture.service.describe(name, SecretsFixture.origin()).replication == .none)

        // The way back is to replicate over it.
        let refused = try await fixture.service.replicate(name, to: [request], overwrites: false, SecretsFixture.origin()).1
        #expect(refused.map(\.isInSync) == [false])
        #expect(try await fixture.service.get(name, there).value.string == "one")
        let forced = try await fixture.service.replicate(name, to: [request], overwrites: true, SecretsFixture.origin()).1
        #expect(forced.map(\.isInSync) == [true])
        #expect(try await fixture.service.get(name, there).value.string == "two")
    }

    @Test("I12 what is to be overwritten stays when there is nothing to take its place")
    func overwritingWithoutACopy() async throws {
        let fixture = try await SecretsFixture()
        let (name, there) = (SecretsFixture.name("db"), SecretsFixture.origin(scope: Self.replicaScope))
        let request = ReplicaRequest(region: Self.region, kmsKeyID: nil)
        let key = try await fixture.keys.create(description: "", policy: nil, tags: [], SecretsFixture.origin())
        try await fixture.create("db")
        _ = try await fixture.service.replicate(name, to: [request], overwrites: false, SecretsFixture.origin())
        _ = try await fixture.service.stopReplication(to: name, there)
        _ = try await fixture.service.update(
            name,
            .init(kmsKeyID: key.arn),
            token: SecretsFixture.token("up"),
            SecretsFixture.origin()
        )
        try await fixture.keys.disable(try KeyReference(key.arn), SecretsFixture.origin())
        let forced = try await fixture.service.replicate(name, to: [request], overwrites: true, SecretsFixture.origin()).1
        #expect(forced.map(\.isInSync) == [false])
        #expect(try await fixture.service.get(name, there).value.string == "one")
    }

    @Test("a promotion that purges old versions purges those of the replicas in the same transaction")
    func purgeAfterPromotion() async throws {
        let fixture = try await SecretsFixture()
        let primary = try await fixture.create("db")
        let request = ReplicaRequest(region: Self.region, kmsKeyID: nil)
        _ = try await fixture.service.replicate(SecretsFixture.name("db"), to: [request], overwrites: false, SecretsFixture.origin())
        for number in 1..<100 { try await fixture.put("\(number)", "put\(number)", after: .seconds(Int64(number))) }
        let (run, moves, now) = (SecretsFixture.token("run"), fixture.moves, SecretsFixture.start + .days(3))
        try await fixture.store.write { store in
            let secret = try #require(try store.secret(primary.arn))
            try moves.registerPending(run, of: secret, at: now, in: store)
            try moves.fillPending(
                run,
                of: try store.head(of: primary.arn),
                with: SecretValue(string: "new"),
                ifEmpty: true,
                at: now,
                in: store
            )
        }
        let purged = try await fixture.store.write { store in
            try moves.promote(run, of: try #require(try store.secret(primary.arn)), at: now, in: store).purged
        }
        #expect(purged == [SecretsFixture.token("first")])
        #expect(try await fixture.picture(Self.replicaScope) == fixture.picture())
    }

    @Test("I9 what happens in the region of a replica is on record there, version by version")
    func recordsOfReplicas() async throws {
        let fixture = try await SecretsFixture()
        let (name, there) = (SecretsFixture.name("db"), SecretsFixture.origin(scope: Self.replicaScope))
        let primary = try await fixture.create("db")
        let foreign = try await fixture.service.create(
            try #require(SecretName("db")),
            SecretService.Creation(token: SecretsFixture.token("theirs"), value: SecretValue(string: "x")),
            there
        ).0
        let request = ReplicaRequest(region: Self.region, kmsKeyID: nil)
        func records(_ secret: SecretARN) async throws -> [String] {
            try await fixture.store.read { try $0.auditRecords(of: secret, limit: 100).map(\.event.name).sorted() }
        }
        let copy = primary.arn.inRegion(Self.region)
        _ = try await fixture.service.replicate(name, to: [request], overwrites: true, SecretsFixture.origin())
        #expect(
            try await records(foreign.arn) == ["CreateSecret", "DeleteSecret", "EndSecretVersionDelete", "StartSecretVersionDelete"]
        )
        #expect(try await records(copy) == ["ReplicateSecretToRegions"])
        _ = try await fixture.service.removeReplicas(of: name, in: [Self.region], SecretsFixture.origin())
        #expect(
            try await records(copy) == [
                "EndSecretVersionDelete", "RemoveRegionsFromReplication", "ReplicateSecretToRegions", "StartSecretVersionDelete",
            ]
        )
        _ = try await fixture.service.replicate(name, to: [request], overwrites: false, SecretsFixture.origin())
        _ = try await fixture.service.stopReplication(to: name, there)
        #expect(try await records(copy).contains("StopReplicationToReplica"))
        #expect(
            try await records(primary.arn) == [
                "CreateSecret", "RemoveRegionsFromReplication", "ReplicateSecretToRegions", "ReplicateSecretToRegions",
                "StopReplicationToReplica",
            ]
        )
    }

    @Test func aRegionThatIsNotServedFailsAndTheRestIsCopied() async throws {
        let fixture = try await SecretsFixture(hostedRegions: [SecretsFixture.scope.region, Self.region])
        try await fixture.create("db")
        let requests = [try #require(RegionName("mars-north-1")), Self.region].map { ReplicaRequest(region: $0, kmsKeyID: nil) }
        let statuses = try await fixture.service.replicate(
            SecretsFixture.name("db"),
            to: requests,
            overwrites: false,
            SecretsFixture.origin()
        ).1
        #expect(statuses.map(\.isInSync) == [false, true])
        #expect(statuses.first?.message.contains("not served by this installation") == true)
    }
}

extension SecretsFixture {
    /// All of a secret that its readers can see, by value; the ARN's region left out.
    fileprivate func picture(_ scope: SecretScope = Self.scope) async throws -> [String] {
        let origin = Self.origin(after: .days(100), scope: scope)
        let (record, versions) = try await self.service.versions(of: Self.name("db"), origin)
        var lines = [
            record.arn.suffix, record.description ?? "-", "\(record.tags ?? [])", record.resourcePolicy ?? "-", "\(record.changedAt)",
            "\(record.labels.pairs)",
        ]
        for version in versions {
            let version = version.version
            let value = version.value == nil ? nil : try await self.service.get(Self.name("db"), version: version.id, origin).value.string
            lines.append("\(version.id) \(value ?? "empty") \(version.createdAt)")
        }
        return lines
    }
}
