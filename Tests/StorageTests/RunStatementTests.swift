import RotationModel
import SecretModel
import Testing

@testable import Storage

@Suite struct RunStatementTests {
    typealias Fixture = StoreFixture
    private let arn = StoreFixture.arn("db/app")

    private func fixture(_ driver: TestedDriver) async throws -> StoreFixture {
        try await StoreFixture.holding([Fixture.rotating("db/app"), Fixture.rotating("db/other")], in: driver)
    }

    @Test(arguments: TestedDriver.allCases)
    func everyMemberOfARunComesBackAsItWasSaved(driver: TestedDriver) async throws {
        let fixture = try await self.fixture(driver)
        let new = Fixture.run(of: "db/app")
        try await fixture.store.write { try $0.insert(new) }
        #expect(try await fixture.store.read { try $0.run(new.id) } == new)

        var run = new
        run.state = .waiting
        run.step = .testSecret
        run.attempt = 7
        run.isTargetTouched = true
        run.regenerations = 1
        run.updatedAt = Fixture.start + .seconds(1)
        run.finishedAt = Fixture.start + .seconds(2)
        run.nextAttemptAt = Fixture.start + .seconds(3)
        run.window = RotationWindow(start: Fixture.start, end: Fixture.start + .hours(4))
        run.failedStep = .setSecret
        run.failure = RotationFailure(.policyRejected, "too short", hint: "lengthen it", retryAfter: .seconds(90), applied: .unknown)
        run.candidates = [
            .pending: CandidateStatus(outcome: .refused, at: Fixture.start),
            .current: CandidateStatus(outcome: .accepted, at: Fixture.start + .microseconds(1)),
        ]
        run.hasDrift = true
        run.account = "app_clone"
        run.loginGap = 12_345
        run.replaced = Fixture.version("old")
        run.rotatorState = Fixture.sealed("state")
        let changed = run
        try await fixture.store.write { try $0.updateTakingOver(changed) }
        #expect(try await fixture.store.read { try $0.run(new.id) } == changed)
    }

    @Test(arguments: TestedDriver.allCases)
    func everyStateIsKept(driver: TestedDriver) async throws {
        let fixture = try await self.fixture(driver)
        var run = Fixture.run(of: "db/app")
        let first = run
        try await fixture.store.write { try $0.insert(first) }
        for state in RunState.allCases {
            run.state = state
            let changed = run
            try await fixture.store.write { try $0.updateTakingOver(changed) }
            #expect(try await fixture.store.read { try $0.run(first.id)?.state } == state)
            let unfinished = try await fixture.store.read { try $0.unfinishedRun(of: first.id.secret) }
            #expect((unfinished != nil) == state.isUnfinished, "\(state)")
            let live = try await fixture.store.read { try $0.liveRuns() }
            #expect(live.isEmpty == !(state.isUnfinished || state == .retiring), "\(state)")
        }
    }

    @Test(arguments: TestedDriver.allCases)
    func `I7 a secret has one unfinished run`(driver: TestedDriver) async throws {
        let fixture = try await self.fixture(driver)
        var first = Fixture.run(of: "db/app", token: "first")
        let second = Fixture.run(of: "db/app", token: "second")
        let begun = first
        try await fixture.store.write { try $0.insert(begun) }
        for refused in [second, begun] {
            await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.insert(refused) } }
        }
        try await fixture.store.write { try $0.insert(Fixture.run(of: "db/other")) }

        // A grace period does not stand in the way of the next run, but the first cannot come back to life beside it.
        first.state = .retiring
        let retiring = first
        try await fixture.store.write { store in
            try store.updateTakingOver(retiring)
            try store.insert(second)
        }
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.updateTakingOver(begun) } }
        #expect(try await fixture.store.read { try $0.unfinishedRun(of: second.id.secret) } == second)
        let live = try await fixture.store.read { try $0.liveRuns().map(\.id) }
        #expect(Set(live) == [retiring.id, second.id, Fixture.run(of: "db/other").id])
    }

    @Test(arguments: TestedDriver.allCases)
    func `I1 runs whose value may be the live one are found until one succeeds`(driver: TestedDriver) async throws {
        let fixture = try await self.fixture(driver)
        func end(_ token: String, _ state: RunState, isTouched: Bool, trigger: RotationTrigger = .manual) async throws -> [String] {
            var run = RunRecord(
                id: RunID(secret: Fixture.arn("db/app"), token: Fixture.version(token)),
                trigger: trigger,
                rotator: known(RotatorName("postgres-single-user")),
                strategy: .singleUser,
                startedAt: Fixture.start,
                window: nil,
                target: "t",
                boundAccount: nil
            )
            (run.state, run.isTargetTouched) = (state, isTouched)
            let ended = run
            try await fixture.store.write { try $0.insert(ended) }
            let found = try await fixture.store.read { try $0.unsettledRuns(of: Fixture.arn("db/app")) }
            return found.map { String($0.id.token.description.prefix { $0 != "." }) }
        }
        #expect(try await end("untouched", .cancelled, isTouched: false) == [])
        #expect(try await end("first", .abandoned, isTouched: true) == ["first"])
        #expect(try await end("second", .cancelled, isTouched: true) == ["second", "first"])
        #expect(try await end("test", .succeeded, isTouched: false, trigger: .test) == ["second", "first"])
        #expect(try await end("done", .retiring, isTouched: true) == ["done"])
        #expect(try await end("live", .parked, isTouched: true) == ["live", "done"])
    }

    @Test(arguments: TestedDriver.allCases)
    func historyComesInOrder(driver: TestedDriver) async throws {
        let fixture = try await self.fixture(driver)
        let run = Fixture.run(of: "db/app")
        let steps = [1, 2, 10].map { sequence in
            StepRecord(
                run: run.id,
                sequence: sequence,
                name: sequence == 2 ? "probe pending" : "setSecret",
                attempt: 1,
                startedAt: Fixture.start,
                finishedAt: Fixture.start + .milliseconds(sequence),
                failure: sequence == 1 ? RotationFailure(.timeout, "no answer within 30 s", applied: .unknown) : nil,
                message: sequence == 10 ? "as app_clone" : nil
            )
        }
        try await fixture.store.write { store in
            try store.insert(run)
            #expect(try store.lastStep(of: run.id) == 0)
            for step in steps.reversed() { try store.append(step) }
            #expect(try store.lastStep(of: run.id) == 10)
        }
        #expect(try await fixture.store.read { try $0.steps(of: run.id) } == steps)
        let again = steps[0]
        await #expect(throws: StoreError.self) { try await fixture.store.write { try $0.append(again) } }
    }

    @Test(arguments: TestedDriver.allCases)
    func theNewestEndedRunsAndAllLiveOnesSurviveTrimming(driver: TestedDriver) async throws {
        let fixture = try await self.fixture(driver)
        let runs = (0..<6).map { number in
            var run = Fixture.run(of: "db/app", token: "run\(number)")
            run.state = number == 0 ? .retiring : number == 5 ? .parked : .succeeded
            return run
        }
        try await fixture.store.write { store in
            for run in runs { try store.insert(run) }
        }
        let arn = self.arn
        #expect(try await fixture.store.read { try $0.runs(of: arn, limit: 2) } == [runs[5], runs[4]])
        #expect(try await fixture.store.write { try $0.trimRuns(of: arn, keeping: 2) } == 2)
        #expect(try await fixture.store.read { try $0.runs(of: arn, limit: 9) } == [5, 4, 3, 0].map { runs[$0] })
    }
}
