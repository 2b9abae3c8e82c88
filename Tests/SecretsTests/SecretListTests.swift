import SecretModel
import Secrets
import Storage
import Testing

@Suite("Lists of secrets")
struct SecretListTests {
    /// More than are read at a time; every seventh passes the filter, and there are ties in every order but that of names.
    private static func records() throws -> [SecretRecord] {
        try (0..<450).map { number in
            let name = try #require(SecretName("\(number % 7 == 0 ? "shop" : "other")/\(number * 37 % 450)"))
            let arn = try #require(SecretARN(scope: SecretsFixture.scope, name: name, suffix: "AbCd12"))
            var record = SecretRecord(arn: arn, createdAt: SecretsFixture.start + .seconds(Int64(number / 3)))
            record.changedAt = SecretsFixture.start + .seconds(Int64(number * 101 % 40))
            record.accessedDay = number % 4 == 0 ? nil : SecretsFixture.start.startOfDay + .days(Int64(number % 5))
            return record
        }
    }

    @Test(
        "filtered pages join to all that passes, in the order asked for",
        arguments: [SecretOrder.Key.created, .changed, .accessed, .name]
    )
    func pages(key: SecretOrder.Key) async throws {
        let fixture = try await SecretsFixture()
        let records = try Self.records()
        try await fixture.store.write { store in for record in records { try store.insert(record) } }
        for order in [SecretOrder(key), SecretOrder(key, isDescending: true)] {
            let all = try await fixture.store.read {
                try $0.secrets(in: SecretsFixture.scope, includingDeleted: false, order, after: nil, limit: records.count)
            }
            let expected = all.map(\.arn.name.description).filter { $0.hasPrefix("shop/") }
            var (found, last) = ([String](), SecretOrder.Position?.none)
            repeat {
                let page = try await fixture.service.list(
                    matching: [SecretFilter(.name, ["shop/"])],
                    in: order,
                    after: last,
                    limit: 30,
                    SecretsFixture.origin()
                )
                found += page.map(\.arn.name.description)
                last = page.last.map(order.position)
            } while last != nil
            #expect(found == expected)
            #expect(found.count == 65)
        }
    }
}
