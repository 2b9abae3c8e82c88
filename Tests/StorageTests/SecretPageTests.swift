import SecretModel
import Testing

@testable import Storage

@Suite struct SecretPageTests {
    typealias Fixture = StoreFixture

    /// Names, created so many seconds after the start, changed at, day of the last read: with ties in every order.
    private static let secrets: [(name: String, created: Int64, changed: Int64, day: Int64?)] = [
        ("c", 0, 9, 1), ("a", 0, 3, nil), ("e", 2, 3, nil), ("b", 1, 4, 2), ("d", 2, 3, 1), ("B", 1, 4, 1),
    ]

    private static func records() -> [SecretRecord] {
        self.secrets.map { name, created, changed, day in
            var secret = Fixture.secret(name, at: Fixture.start + .seconds(created))
            secret.changedAt = Fixture.start + .seconds(changed)
            secret.accessedDay = day.map { Fixture.start.startOfDay + .days($0) }
            return secret
        }
    }

    @Test(arguments: TestedDriver.allCases, [SecretOrder.Key.created, .changed, .accessed, .name])
    func pagesJoinToTheWholeListInOrder(driver: TestedDriver, key: SecretOrder.Key) async throws {
        let fixture = try await StoreFixture.holding(Self.records(), in: driver)
        for isDescending in [false, true] {
            let order = SecretOrder(key, isDescending: isDescending)
            let ascending = Self.records().sorted {
                let (one, other) = (order.position(of: $0), order.position(of: $1))
                return (one.number, one.name) < (other.number, other.name)
            }.map(\.arn.name.description)
            for limit in [1, 2, 4, 10] {
                var (names, position) = ([String](), SecretOrder.Position?.none)
                while true {
                    let start = position
                    let page = try await fixture.store.read {
                        try $0.secrets(in: Fixture.scope, includingDeleted: false, order, after: start, limit: limit)
                    }
                    names += page.map(\.arn.name.description)
                    guard let last = page.last else { break }
                    position = order.position(of: last)
                }
                #expect(names == (isDescending ? ascending.reversed() : ascending), "pages of \(limit)")
            }
        }
    }

    @Test(arguments: TestedDriver.allCases)
    func deletedSecretsAreLeftOutUnlessAskedFor(driver: TestedDriver) async throws {
        var deleted = Fixture.secret("b")
        deleted.deletedAt = Fixture.start
        let fixture = try await StoreFixture.holding([Fixture.secret("a"), deleted, Fixture.secret("c")], in: driver)
        for (includingDeleted, expected) in [(false, ["a", "c"]), (true, ["a", "b", "c"])] {
            let found = try await fixture.store.read {
                try $0.secrets(in: Fixture.scope, includingDeleted: includingDeleted, SecretOrder(.name), after: nil, limit: 9)
            }
            #expect(found.map(\.arn.name.description) == expected)
        }
        #expect(try await fixture.store.read { try $0.countSecrets(in: Fixture.scope) } == 2)
    }

    @Test(arguments: TestedDriver.allCases)
    func aHeadSaysWhatTheRecordSays(driver: TestedDriver) async throws {
        var secret = Fixture.rotating("db")
        let (old, new) = (Fixture.version("old"), Fixture.version("new"))
        for version in [old, new] { secret.labels.attach(.current, to: version) }
        secret.deletedAt = Fixture.start
        secret.purgeAt = Fixture.start + .days(7)
        let made = secret
        let fixture = try await StoreFixture(driver)
        try await fixture.store.write { store in
            try store.insert(made)
            for version in [old, new] {
                try store.insert(VersionRecord(secret: made.arn, id: version, value: Fixture.sealed("x"), createdAt: Fixture.start))
            }
            try store.noteAccess(to: new, of: made.arn, on: Fixture.start.startOfDay)
        }
        for reference in [SecretReference.arn(made.arn), .name(made.arn.name), .partialARN(Fixture.scope, made.arn.name)] {
            let (record, head) = try await fixture.store.read {
                (try $0.secret(matching: reference, in: Fixture.scope), try $0.head(matching: reference, in: Fixture.scope))
            }
            let (found, expected) = (try #require(head), try #require(record))
            #expect(found.arn == expected.arn && found.labels == expected.labels && found.accessedDay == expected.accessedDay)
            #expect(found.deletedAt == expected.deletedAt && found.purgeAt == expected.purgeAt)
            #expect(found.accessedDay == Fixture.start.startOfDay)
        }
        #expect(try await fixture.store.read { try $0.head(matching: .arn(Fixture.arn("nosuch")), in: Fixture.scope) } == nil)
    }
}
