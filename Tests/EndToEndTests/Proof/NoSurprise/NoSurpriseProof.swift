import Foundation
import SecretModel
import TestSupport
import Testing

/// I5: restart, clock, time zone, rules, configuration, restore and upgrade rotate nothing that was not due; what is due rotates once.
///
/// One site from March 2030 on: each case goes on where the one before it ended.
@Suite(.timeLimit(.minutes(10))) struct NoSurpriseProof {
    @Test func I5_nothingRotatesThatWasNotDue() async throws {
        let site = try await NoSurpriseSite()
        await self.restarts(site)
        await self.clockBackwards(site)
        await self.edits(site)
        await self.windows(site)
        await self.timeZones(site)
        await self.restores(site)
        await self.upgrade(site)
        await self.yearForwards(site)
        try await site.daemon.stop()
    }

    /// One case: a change, after which `due` have rotated exactly once, and nothing else has rotated or got another date.
    private func `case`(
        _ name: String,
        _ site: NoSurpriseSite,
        due: Set<String> = [],
        mayReplan: Set<String> = [],
        after change: () async throws -> Void
    ) async {
        await Proof.case("no-surprise/\(name)") {
            let before = try await site.facts()
            try await change()
            try await site.settle()
            let after = try await site.facts()
            try Proof.expect(Set(before.keys) == Set(after.keys) && before.count == NoSurpriseSite.rules.count - 1, "secrets are missing")
            for (secret, was) in before {
                guard let now = after[secret] else { continue }
                if due.contains(secret) {
                    try Proof.expect(now.changes == was.changes + 1, "\(secret) was due and was set \(now.changes - was.changes) times")
                    try Proof.expect(now.isAtRest && now.lastRotated > was.lastRotated, "\(secret) did not end well")
                    try Proof.expect(now.next > now.lastRotated, "the next date of \(secret) is not after its rotation")
                } else if mayReplan.contains(secret) {
                    try Proof.expect(
                        now.changes == was.changes && now.lastRotated == was.lastRotated
                            && now.rotation["VersionIdsToStages"] == was.rotation["VersionIdsToStages"],
                        "\(secret) rotated, though only its rules were changed"
                    )
                } else {
                    try Proof.expect(
                        now == was,
                        "\(secret) changed: \(was.rotation.text) \(was.changes) → \(now.rotation.text) \(now.changes)"
                    )
                }
            }
        }
    }

    private func restarts(_ site: NoSurpriseSite) async {
        await self.case("restart/terminated", site) {
            try await site.daemon.stop()
            try await site.start()
        }
        await self.case("restart/killed", site) {
            for _ in 0..<(Proof.isLong ? 5 : 1) {
                try await site.daemon.kill()
                try await site.start()
            }
        }
        await self.case("configuration/changed", site) {
            try await site.daemon.stop()
            let text = "plain_http: true\nrotation: {max_concurrent: 8, max_per_target: 2}\nregions: [us-east-1, eu-west-1]\n"
            try site.scratch.write(text, to: "data/keyturn.yaml")
            try await site.start()
        }
    }

    private func clockBackwards(_ site: NoSurpriseSite) async {
        await self.case("clock/a-year-back/running", site) { try site.move(to: "2029-03-10T12:00:00Z") }
        await self.case("clock/a-year-back/restarted", site) {
            try await site.daemon.stop()
            try await site.start()
        }
        await self.case("clock/right-again", site) { try site.move(to: "2030-03-10T13:00:00Z") }
    }

    private func edits(_ site: NoSurpriseSite) async {
        await self.case("rules/the-same-again", site) { try await site.apply(NoSurpriseSite.rules) }
        await self.case("rules/description-and-tags", site) {
            try await site.apply(NoSurpriseSite.rules, extra: ", description: changed, tags: {team: payments}")
        }
        // A date in the past by the new rules is no reason to rotate: the next window is the first that has not begun.
        let shorter: KeyValuePairs = ["days": "every: 1d, window: 1h", "rate": "every: 4h, window: 1h"]
        await self.case("rules/shorter", site, mayReplan: ["days", "rate"]) {
            try site.move(to: "2030-03-12T12:30:00Z")
            try await site.apply(shorter)
        }
        await self.case("rules/back", site, mayReplan: ["days", "rate"]) { try await site.apply(NoSurpriseSite.rules) }
    }

    private func windows(_ site: NoSurpriseSite) async {
        await self.case("window/open-and-not-due-yet", site) {
            let due = try #require(try await site.facts()["windowed"]?.due)
            try site.clock.set(to: Date(timeIntervalSince1970: due - 60))
        }
        await self.case("window/due", site, due: ["windowed"]) {
            let due = try #require(try await site.facts()["windowed"]?.due)
            try site.clock.set(to: Date(timeIntervalSince1970: due + 1))
        }
    }

    /// `cron(0 3 L * ? *)` is due from 31 March 03:00 UTC; Europe skips the hour from 02:00 to 03:00 local time, 01:00 UTC, of that day.
    private func timeZones(_ site: NoSurpriseSite) async {
        await self.case("time-zone/before-the-skipped-hour", site) {
            try await site.daemon.stop()
            try site.move(to: "2030-03-31T00:59:00Z")
            try await site.start(timeZone: "Europe/Berlin")
        }
        await self.case("time-zone/after-the-skipped-hour", site) { try site.move(to: "2030-03-31T01:01:00Z") }
        for zone in Proof.isLong ? ["Pacific/Kiritimati", "America/New_York", "Asia/Kolkata", "Pacific/Pago_Pago"] : ["Pacific/Kiritimati"]
        {
            await self.case("time-zone/\(zone)", site) {
                try await site.daemon.stop()
                try site.move(to: "2030-03-31T02:59:00Z")
                try await site.start(timeZone: zone)
            }
        }
        await self.case("time-zone/due-by-utc", site, due: ["cron"]) {
            let due = try #require(try await site.facts()["cron"]?.due)
            try site.clock.set(to: Date(timeIntervalSince1970: due + 1))
        }
    }

    /// A copy of the data directory comes back: first one in which nothing became due, then one older than a rotation.
    private func restores(_ site: NoSurpriseSite) async {
        let (copy, newest) = (site.scratch.path(of: "copy"), site.scratch.path(of: "newest"))
        await self.case("restore/days-old", site) {
            try await site.daemon.stop()
            try FileManager.default.copyItem(atPath: site.data, toPath: copy)
            try site.move(to: "2030-04-05T00:00:00Z")
            try FileManager.default.removeItem(atPath: site.data)
            try FileManager.default.copyItem(atPath: copy, toPath: site.data)
            try await site.start()
        }
        await self.case("restore/while-away-one-was-due", site, due: ["days"]) { try site.move(to: "2030-04-12T00:00:00Z") }
        await Proof.case("no-surprise/restore/older-than-a-rotation") {
            let (was, live) = (try await site.facts(), try site.password("days"))
            try await site.daemon.stop()
            try FileManager.default.moveItem(atPath: site.data, toPath: newest)
            try FileManager.default.copyItem(atPath: copy, toPath: site.data)
            try site.move(to: "2030-04-14T00:00:00Z")
            try await site.start()
            try await site.mendWitness()
            try await site.settle()
            let now = try await site.facts()
            // By the dates of the copy `days` is due; the live password is in no version of the copy, so nothing may be set.
            try Proof.expect(try site.password("days") == live, "the live credential is another")
            try Proof.expect(now["days"]?.rotation["State"] == "parked", "\(now["days"]?.rotation.text ?? "") does not tell a person")
            let alerts = try await site.daemon.keyturn("alerts", "list")["Alerts"]?.arrayValue ?? []
            try Proof.expect(alerts.contains { $0["Name"] == "CredentialLockedOut" && $0["Secret"] == "days" }, "no alert: \(alerts)")
            for name in ["rate", "cron", "windowed", "frozen"] { try Proof.expect(now[name] == was[name], "\(name) changed") }
            try await site.daemon.stop()
            try FileManager.default.removeItem(atPath: site.data)
            try FileManager.default.moveItem(atPath: newest, toPath: site.data)
            try await site.start()
            try await site.mendWitness()
        }
        await self.case("restore/the-newest-again", site) {}
    }

    /// There is one version of the schema so far: what can be shown is that opening a store again adds no step, and that a store of a
    /// newer Keyturn is refused as it is.
    private func upgrade(_ site: NoSurpriseSite) async {
        await self.case("upgrade/again", site) {
            try await site.daemon.stop()
            let steps = try await self.store(site, "SELECT group_concat(version) FROM schema_steps")
            try await site.start()
            try await site.daemon.stop()
            try Proof.expect(try await self.store(site, "SELECT group_concat(version) FROM schema_steps") == steps, "steps were added")
            try await site.start()
        }
        await self.case("upgrade/newer-schema-refused", site) {
            try await site.daemon.stop()
            try await self.store(site, "INSERT INTO schema_steps (version) VALUES (99)")
            let refused = try await Command.run([Command.keyturn, "serve", "--data", site.data, "--listen", "127.0.0.1:0"])
            try Proof.expect(refused.exitCode == 78, "exit code \(refused.exitCode)")
            try Proof.expect(refused.errors.contains("schema 99") && refused.errors.contains("newer version of keyturn"), refused.errors)
            try await self.store(site, "DELETE FROM schema_steps WHERE version = 99")
            try await site.start()
        }
    }

    @discardableResult
    private func store(_ site: NoSurpriseSite, _ statement: String) async throws -> String {
        let program = """
            import sqlite3, sys
            store = sqlite3.connect(sys.argv[1])
            row = store.execute(sys.argv[2]).fetchone()
            store.commit()
            print(row[0] if row else "")
            """
        return try await Tool.run(["python3", "-c", program, site.data + "/keyturn.db", statement])
    }

    private func yearForwards(_ site: NoSurpriseSite) async {
        let all: Set = ["days", "rate", "cron", "windowed"]
        await self.case("clock/a-year-on/restarted", site, due: all) {
            try await site.daemon.stop()
            try site.move(to: "2031-04-14T00:00:00Z")
            try await site.start()
        }
        await self.case("clock/a-year-on/restarted-again", site) {
            try await site.daemon.kill()
            try await site.start()
        }
        await self.case("clock/a-year-on/running", site, due: all) { try site.move(to: "2032-04-14T00:00:00Z") }
    }
}
