import AdminClient
import Foundation
import SecretModel
import TestSupport

extension KillSite {
    /// Rotates, strikes at one point after the other, and looks whether everything is as if nothing had happened.
    ///
    /// - Parameter points: After the first they are counted from the moment when the daemon goes on.
    /// - Returns: Whether the first was reached: what a daemon does in its background moves a sync by one now and then.
    /// - Throws: `ProofFailure`.
    mutating func attack(_ points: [KillPoint]) async throws -> Bool {
        try await self.takeSubject()
        let before = try await self.snapshot()
        let token = UUID().uuidString.lowercased()
        var (isAnswered, isReached, pending) = (false, false, String?.none)
        for point in points {
            try self.arm(point)
            self.proxy.resume()
            if !isAnswered { isAnswered = try await self.askDespiteFaults(token) }
            guard try await self.waitForStrike(point, token) else { break }
            isReached = true
            if point.isDeadly { pending = try await self.bury() ?? pending }
        }
        try self.disarm()
        self.proxy.resume()
        // As every client does that got no answer: the same request again.
        if !isAnswered { try await self.ask(token) }
        try await self.waitForEnd(of: token)
        try await self.judge(token, since: before, pending: pending)
        return isReached
    }

    private func disarm() throws {
        try self.faults.arm(nil)
        self.proxy.arm(nil)
    }

    private func arm(_ point: KillPoint) throws {
        try self.disarm()
        switch point.moment {
        case .sync(let number, let moment): try self.faults.arm(number, moment)
        case .held(let place): self.proxy.arm(NetworkFault(.hold, at: place))
        case .cut(let place): self.proxy.arm(NetworkFault(.cut, at: place))
        }
    }

    /// - Returns: Whether the daemon lived to answer.
    private func askDespiteFaults(_ token: String) async throws -> Bool {
        do {
            try await self.ask(token)
            return true
        } catch ClientError.unreachable {
            return false
        }
    }

    private func waitForStrike(_ point: KillPoint, _ token: String) async throws -> Bool {
        func hasStruck() -> Bool {
            if case .sync = point.moment { !self.daemon.process.isRunning } else { self.proxy.hasStruck }
        }
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if hasStruck() { return true }
            try await Task.sleep(for: .milliseconds(5))
            guard self.daemon.process.isRunning, let run = try await self.runIfTold(token) else { continue }
            if run.isStuck { try await self.retry() }
            guard run.isDone(self.leg) else { continue }
            // What is to come after the end of a run comes soon.
            try await Task.sleep(for: .milliseconds(200))
            return hasStruck()
        }
        throw ProofFailure("neither was \(point) reached, nor did the run end")
    }

    /// Kills the daemon if it lives, starts it again on the same data, and looks what it holds before it can touch the target (I1).
    ///
    /// The target stays out of reach.
    ///
    /// - Returns: The pending value's password, if there was one.
    private mutating func bury() async throws -> String? {
        if self.daemon.process.isRunning { try await self.daemon.kill() }
        try self.disarm()
        self.proxy.cut()
        self.proxy.suspend()
        try await self.restart()
        let candidates = try await [self.value("AWSCURRENT"), self.value("AWSPENDING")]
        var works = false
        for candidate in candidates.compactMap({ $0 }) where !works {
            works = try await self.target.works(candidate.username, candidate.password, for: self.user)
        }
        try Proof.expect(works, "I1: when the daemon died the store held no candidate that works")
        return candidates[1]?.password
    }

    /// Until the run has ended well. What waits for its time is taken up again at once, as a person would do.
    func waitForEnd(of token: String) async throws {
        var last = "nothing"
        do {
            try await eventually("the end of the run", within: .seconds(60)) {
                let run = try await self.run(token)
                last = run.text
                if run.isDone(self.leg) { return true }
                try Proof.expect(
                    !["parked", "failed", "cancelled", "abandoned"].contains(run.state),
                    "the run is \(run.state): \(run.text)"
                )
                if run.isStuck { try await self.retry() }
                return false
            }
        } catch let error as FixtureError {
            throw ProofFailure("\(error); the run: \(last)")
        }
    }

    private func retry() async throws {
        do {
            _ = try await self.call("keyturn.RetryRotation", ["SecretId": .string(self.user)])
        } catch ClientError.refused(_, let message, _) where message.contains("no unfinished rotation to try again") {
            // It is being tried at this moment.
        } catch ClientError.unreachable {
            // It has been tried, and the daemon died of it.
        }
    }
}
