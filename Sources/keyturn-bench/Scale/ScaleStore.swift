import Encryption
import Foundation
import GRDB
import RotationModel
import SecretModel
import Storage
import TestSupport

/// Fills a store with secrets that rotate every 30 days. The first ones have values of their own; a million others are copies of the last
/// of them under other names, which the engine could not open: they are never due.
struct ScaleStore: Sendable {
    let installation: BenchInstallation
    /// Secrets with a value that opens.
    let whole: Int
    /// All secrets.
    let count: Int

    /// One write to disk for so many secrets.
    private static let batch = 5_000
    private static let targets = 50

    /// `scale-0000000`.
    static func name(_ number: Int) -> String {
        let digits = String(number)
        return "scale-" + String(repeating: "0", count: 7 - digits.count) + digits
    }

    func fill(at now: Timestamp) async throws {
        try await BenchInstallation.open(self.installation.directory) { store, keyring in
            for start in stride(from: 0, to: self.whole, by: Self.batch) {
                let numbers = start..<min(start + Self.batch, self.whole)
                try await store.write { transaction in
                    for number in numbers { try Self.insert(number, at: now, keyring, in: transaction) }
                }
            }
        }
        try self.copy()
    }

    /// A secret that rotated last at `now` and is due a day later.
    static func insert(_ number: Int, at now: Timestamp, _ keyring: Keyring, in store: StoreTransaction) throws {
        guard let name = SecretName(Self.name(number)),
            let arn = SecretARN(scope: try BenchInstallation.scope, name: name, suffix: "abcdef"),
            let version = VersionID("00000000-0000-4000-8000-000000000000"), let rotator = RotatorName(InstantRotator.name)
        else { throw FixtureError("\(Self.name(number)) is no name") }
        var rotation = RotationRecord(rotator: rotator, lambdaARN: "arn:aws:lambda:eu-west-1:000000000000:function:\(rotator)")
        rotation.rules = RotationRules(frequency: .days(30))
        rotation.lastRotatedAt = now
        rotation.nextWindow = RotationWindow(start: now + .days(1), end: now + .days(2))
        rotation.dueAt = now + .days(1)
        rotation.maxAgeDeadline = now + .days(60)
        rotation.target = "\(InstantRotator.engine)://host-\(number % Self.targets):5432"
        rotation.account = Self.name(number)
        var secret = SecretRecord(arn: arn, createdAt: now)
        secret.description = "one of very many"
        secret.labels.attach(.current, to: version)
        secret.rotation = rotation
        try store.insert(secret)
        let sealed = try keyring.seal(
            InstantRotator.value(host: "host-\(number % Self.targets)", user: Self.name(number)),
            for: .version(arn, version)
        )
        try store.insert(VersionRecord(secret: arn, id: version, value: sealed, createdAt: now))
    }

    /// Copies the last whole secret row by row, in SQL: statements of the store would take minutes.
    private func copy() throws {
        let queue = try DatabaseQueue(path: self.installation.storePath)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -200000") }
        for start in stride(from: self.whole, to: self.count, by: 50_000) {
            try queue.write { database in
                for table in ["secrets", "versions", "labels"] {
                    try self.copy(table, to: start..<min(start + 50_000, self.count), database)
                }
            }
            Progress.note("   \(min(start + 50_000, self.count)) secrets")
        }
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try queue.close()
    }

    /// Columns that hold the secret's name, and dates, which are spread over a month; all others are copied as they are.
    private func copy(_ table: String, to numbers: Range<Int>, _ database: Database) throws {
        let original = Self.name(self.whole - 1)
        let key = table == "secrets" ? "arn" : "secret"
        let columns = try database.columns(in: table).map(\.name)
        let values = columns.map { column in
            switch column {
            case "arn", "name", "account", "secret": "replace(\(column), '\(original)', printf('scale-%07d', i))"
            case "sequence" where table == "secrets": "i + 1"
            case "due_at", "window_start", "window_end": "\(column) + i * 2592000"
            default: column
            }
        }
        try database.execute(
            sql: """
                WITH RECURSIVE numbers (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < ?)
                INSERT INTO \(table) (\(columns.joined(separator: ", ")))
                SELECT \(values.joined(separator: ", ")) FROM numbers CROSS JOIN \(table)
                WHERE \(key) = (SELECT arn FROM secrets WHERE name = ?)
                """,
            arguments: [numbers.lowerBound, numbers.upperBound, original]
        )
    }

    /// Makes the first secrets due, one after the other within the last minutes.
    func makeDue(_ count: Int, at now: Timestamp) throws {
        let queue = try DatabaseQueue(path: self.installation.storePath)
        try queue.write { database in
            try database.execute(
                sql: "UPDATE secrets SET due_at = ? + sequence, window_start = ? WHERE sequence <= ?",
                arguments: [(now - .minutes(5)).microseconds, (now - .minutes(10)).microseconds, count]
            )
        }
        try queue.close()
    }

    /// How many runs have succeeded.
    func succeededRuns() throws -> Int {
        let queue = try DatabaseQueue(path: self.installation.storePath)
        let count = try queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM runs WHERE state = 'succeeded'") } ?? 0
        try queue.close()
        return count
    }

    /// The store's file, in megabytes.
    func size() throws -> Double {
        let bytes = try FileManager.default.attributesOfItem(atPath: self.installation.storePath)[.size] as? Int ?? 0
        return Double(bytes) / 1_000_000
    }
}
