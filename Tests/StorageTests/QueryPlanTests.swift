import Encryption
import NIOConcurrencyHelpers
import RotationModel
import SecretModel
import TestSupport
import Testing

@testable import Storage

/// What the scheduler, the workers and the deliveries ask again and again costs what it finds, not what is stored: no statement of theirs
/// reads a table from end to end.
@Suite struct QueryPlanTests {
    /// Asks SQLite for the plan of each statement before it runs.
    private struct Explaining: SQLConnection {
        let connection: any SQLConnection
        let plans: NIOLockedValueBox<[String]>

        private func explain(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) {
            for row in try self.connection.query("EXPLAIN QUERY PLAN \(statement)", parameters) {
                let detail = try row.text("detail")
                self.plans.withLockedValue { $0.append("\(detail) of \(statement)") }
            }
        }

        func execute(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) -> Int {
            try self.explain(statement, parameters)
            return try self.connection.execute(statement, parameters)
        }

        func query(_ statement: String, _ parameters: [SQLValue]) throws(StoreError) -> [SQLRow] {
            try self.explain(statement, parameters)
            return try self.connection.query(statement, parameters)
        }

        func savepoint<Result>(_ body: () throws -> Result) throws -> Result { try self.connection.savepoint(body) }
    }

    /// - Returns: The plans' lines that read a whole table or index; reading what a part of the statement itself found is none, and no more
    /// runs are leased than work at the same time.
    private func scans(_ body: @escaping @Sendable (StoreTransaction) throws -> Void) async throws -> [String] {
        let isSmall = { (line: String) in
            ["candidates", "leased", "ready", "loose", "(subquery"].contains { line.hasPrefix("SCAN \($0)") }
                || line.contains("USING INDEX runs_leased")
        }
        return try await self.plans(body).filter { $0.hasPrefix("SCAN") && !isSmall($0) }
    }

    /// - Returns: The lines of the plans of all statements.
    private func plans(_ body: @escaping @Sendable (StoreTransaction) throws -> Void) async throws -> [String] {
        let plans = NIOLockedValueBox<[String]>([])
        let driver = try SQLiteMemoryDriver()
        _ = try await Store(driver: driver)
        try await driver.write { connection in
            try body(StoreTransaction(access: StoreAccess(connection: Explaining(connection: connection, plans: plans))))
        }
        let found = plans.withLockedValue { $0 }
        #expect(!found.isEmpty)
        return found
    }

    @Test func aLookOfTheSchedulerFollowsWhatIsDue() async throws {
        let now = StoreFixture.start
        let scans = try await self.scans { store in
            _ = try store.dueSecrets(at: now, limit: 10, backlog: 2)
            _ = try store.hasClaimableRuns(at: now, lease: .seconds(30))
            _ = try store.claimRuns(at: now, owner: "w", leaseUntil: now, limit: 10, perTarget: 1)
            _ = try store.overdueSecrets(before: now)
            _ = try store.dueMessages(at: now, limit: 10)
        }
        #expect(scans == [])
    }

    @Test func listsAndPurgesFollowWhatTheyFind() async throws {
        let secret = StoreFixture.rotating("app")
        let scans = try await self.scans { store in
            for order in [SecretOrder(.created), SecretOrder(.created, isDescending: true), SecretOrder(.name)] {
                let position = order.position(of: secret)
                _ = try store.secrets(in: secret.arn.scope, includingDeleted: false, order, after: position, limit: 5)
            }
            _ = try store.staggerGroup("group", in: secret.arn.scope)
            _ = try store.purgeableSecrets(at: StoreFixture.start)
        }
        #expect(scans == [])
    }

    @Test func whomAKeyConcernsFollowsWhatIsUnderIt() async throws {
        let plans = try await self.plans { store in
            for includingDeleted in [false, true] {
                _ = try store.secrets(under: .init("key"), includingDeleted: includingDeleted, naming: 10)
                _ = try store.hasSecrets(under: .init("key"), includingDeleted: includingDeleted)
            }
        }
        #expect(plans.count { $0.hasPrefix("SEARCH v USING COVERING INDEX versions_by_key (value_key=?)") } == 6, "\(plans)")
        #expect(plans.count { $0.hasPrefix("SEARCH runs USING INDEX runs_by_replaced (secret=? AND replaced=?)") } == 6, "\(plans)")
        #expect(plans.count { $0.hasPrefix("SEARCH runs USING INDEX sqlite_autoindex_runs_1 (secret=? AND token=?)") } == 6, "\(plans)")
        let others = try await self.plans { store in
            _ = try store.keys(of: StoreFixture.rotating("app").arn)
            _ = try store.versionsOfUnsettledRuns(of: StoreFixture.rotating("app").arn)
            _ = try store.firingKeyAlerts()
        }
        #expect((plans + others).allSatisfy { !$0.hasPrefix("SCAN") }, "\(others)")
        #expect(others.contains { $0.hasPrefix("SEARCH alerts USING INDEX alerts_firing (secret=?)") }, "\(others)")
    }

    /// Policies are looked through once, and those that change are found again by their primary key.
    @Test func aNameIsReplacedWithOneLookAtEachTable() async throws {
        let plans = try await self.plans { store in
            for number in 0..<3 {
                var secret = StoreFixture.secret("s\(number)")
                secret.resourcePolicy = "names ann \(number)"
                try store.insert(secret)
            }
            let changed = try store.changePolicies(mentioning: "ann") { "\($0) no more" }
            #expect(changed.count == 3)
            for number in 0..<3 {
                #expect(try store.secret(StoreFixture.arn("s\(number)"))?.resourcePolicy == "names ann \(number) no more")
            }
        }
        #expect(plans.count { $0.hasPrefix("SCAN secrets") } == 1, "\(plans)")
        #expect(plans.count { $0.hasPrefix("SEARCH secrets USING INDEX sqlite_autoindex_secrets_1 (arn=?) of UPDATE") } == 3, "\(plans)")
    }

    /// In the order of its index until the first row: what is passed over are the runs that are leased or parked.
    @Test func theAlarmReadsAnIndexUntilItsFirstRow() async throws {
        let scans = try await self.scans { _ = try $0.nextWakeUp() }
        #expect(scans.allSatisfy { $0.contains("USING INDEX secrets_due") }, "\(scans)")
    }

    /// Whatever LookupEvents asks for: an index in the order of the answer, so that a page costs what is on it.
    @Test func theAuditTrailIsSearchedInTheOrderOfTheAnswer() async throws {
        var filters = [AuditFilter](repeating: AuditFilter(), count: 8)
        filters[1].name = "GetSecretValue"
        filters[2].source = "kms.amazonaws.com"
        filters[3].isReadOnly = false
        filters[4].userName = "ann"
        filters[5].accessKeyID = "AKID"
        filters[6].resource = "arn"
        filters[7].isFailure = true
        for var filter in filters {
            (filter.from, filter.through) = (StoreFixture.start, StoreFixture.start + .days(1))
            let plans = try await self.plans { [filter] store in
                let position = AuditFilter.Position(at: StoreFixture.start, sequence: 7)
                _ = try store.auditRecords(in: StoreFixture.scope, filter, after: position, limit: 5)
            }
            #expect(plans.count == 1 && plans.allSatisfy { $0.hasPrefix("SEARCH audit USING INDEX audit_") }, "\(plans)")
            let isByTime = plans.first?.contains("audit_by_time") ?? true
            #expect(isByTime == (filter == filters[0].during(filter)), "\(plans)")
        }
        let byID = try await self.plans { _ = try $0.hasAuditRecord("id") }
        #expect(byID.allSatisfy { $0.contains("(id=?)") }, "\(byID)")
    }

    @Test func theStepsOfARunFollowItsSecret() async throws {
        let secret = StoreFixture.rotating("app")
        let run = StoreFixture.run(of: "app")
        let scans = try await self.scans { store in
            try store.insert(secret)
            try store.insert(VersionRecord(secret: secret.arn, id: run.id.token, value: nil, createdAt: run.startedAt))
            try store.insert(run)
            _ = try store.unsettledRuns(of: secret.arn)
            _ = try store.lastStep(of: run.id)
            try store.trimRuns(of: secret.arn)
            try store.purgeVersions(of: secret.arn, before: run.startedAt)
            try store.update(secret)
            _ = try store.firingAlerts(of: secret.arn)
        }
        #expect(scans == [])
    }
}

extension AuditFilter {
    /// The same in another filter's time.
    fileprivate func during(_ other: AuditFilter) -> AuditFilter {
        var filter = self
        (filter.from, filter.through) = (other.from, other.through)
        return filter
    }
}
