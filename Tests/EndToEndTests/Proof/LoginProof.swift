import AdminClient
import Foundation
import SecretModel
import TestSupport
import Testing

/// No failed login: a client that logs in every 20 ms with what GetSecretValue last gave it, while a real daemon rotates the account again and
/// again. With two live credentials it is never refused; with one there is a gap, which is measured, and a refused client only has to ask
/// again.
///
/// `KEYTURN_BINARY` names the daemon that is measured, `KEYTURN_PROOF=long` makes 50 rotations of each strategy.
@Suite("No failed login", .serialized, .timeLimit(.minutes(10)))
struct LoginProof {
    @Test(
        "W19 A client that logs in every 20 ms through rotations one after the other",
        arguments: [
            "postgres-single-user", "mariadb-single-user", "postgres-alternating-users", "mariadb-alternating-users", "mariadb-overlapping",
        ]
    )
    func logins(rotator: String) async {
        await Proof.case("login/\(rotator)") {
            let daemon = try await DaemonProcess()
            let engine = String(rotator.prefix { $0 != "-" })
            let target = try await LoginTarget(on: LoginChanges.server(engine), "login")
            try await daemon.withClient { client in try await Self.prove(rotator, target, client, daemon) }
            try await daemon.stop()
        }
    }

    private static func prove(_ rotator: String, _ target: LoginTarget, _ client: APIClient, _ daemon: DaemonProcess) async throws {
        let count = Proof.isLong ? 50 : 8
        let hasGap = rotator.hasSuffix("single-user")
        let value = hasGap ? target.value() : target.value().setting("masterarn", to: try await target.makeAdminSecret(client))
        try await client.make(target.secret, value)

        let application = LoginClient(target, client)
        async let end: Void = application.run()
        try await eventually("some turns before the first rotation", within: .seconds(60)) { await application.turns >= 30 }
        let login = await application.logins
        var bounds: [Double] = []
        for number in 0..<count {
            let token = try await client.rotate(target.secret, by: number == 0 ? rotator : nil)
            let deadline = ContinuousClock.now + .seconds(60)
            while try await client.current(target.secret).version != token {
                try await Task.sleep(for: .milliseconds(5))
                guard ContinuousClock.now < deadline else {
                    throw ProofFailure("rotation \(number) does not end: \(try await client.run(token, of: target.secret).text)")
                }
            }
            // A client that sleeps through two rotations is not what is shown here: the grace period is for that.
            let promoted = ContinuousClock.now
            try await eventually("a turn of the client", within: .seconds(30)) { await application.hasTakenTurn(after: promoted) }
            bounds.append(try await client.run(token, of: target.secret)["LoginGapMs"]?.doubleValue ?? .nan)
        }
        await application.stop()
        await end
        try await Self.judge(rotator, application, rotations: count, hasGap: hasGap)
        let milliseconds = login.map { $0 / .milliseconds(1) }.sorted()
        Proof.figure("login/\(rotator)/login", Self.text(milliseconds))
        guard hasGap else { return }
        Proof.figure("login/\(rotator)/gap-goal", String(format: "%.2f ms: a login and 3 ms", milliseconds[milliseconds.count / 2] + 3))
        Proof.figure("login/\(rotator)/gap-as-told", Self.text(bounds))
        // Once more without anybody beside it: what of the gap is the rotation's own.
        for _ in 0..<count {
            let token = try await client.rotate(target.secret, by: nil)
            try await eventually("the end of a rotation", within: .seconds(60)) {
                try await client.current(target.secret).version == token
            }
        }
        let changes = try await LoginChanges.times(of: target)
        // Written after the commit that the last answer came from.
        try await eventually("the log of the last rotation") { try LoginChanges.promotions(by: daemon).count >= count * 2 }
        let promotions = try LoginChanges.promotions(by: daemon)
        try Proof.expect(
            changes.count == count * 2 && promotions.count == count * 2,
            "\(count * 2) rotations changed the password \(changes.count) times, and AWSCURRENT \(promotions.count) times"
        )
        let gaps = zip(promotions, changes).map { ($0 - $1) * 1_000 }
        Proof.figure("login/\(rotator)/gap", Self.text(Array(gaps.prefix(count))))
        Proof.figure("login/\(rotator)/gap-alone", Self.text(Array(gaps.suffix(count))))
    }

    private static func judge(_ rotator: String, _ application: LoginClient, rotations: Int, hasGap: Bool) async throws {
        let (turns, failures, outages) = await (application.turns, application.failures, application.outages)
        try Proof.expect(failures.isEmpty, "\(failures.count) of \(turns) turns failed, the first: \(failures.first ?? "")")
        try Proof.expect(hasGap || outages.isEmpty, "refused \(outages.count) times, although two credentials are live")
        let versions = await application.versions.count
        try Proof.expect(versions == rotations + 1, "the client saw \(versions) values of \(rotations) rotations")
        Proof.figure("login/\(rotator)/turns", "\(turns), refused \(outages.count), failed \(failures.count)")
        if !outages.isEmpty { Proof.figure("login/\(rotator)/refused-for", Self.text(outages.map { $0 / .milliseconds(1) })) }
    }

    private static func text(_ milliseconds: [Double]) -> String {
        let sorted = milliseconds.sorted()
        guard let last = sorted.last else { return "none" }
        return String(format: "median %.2f ms, max %.2f ms, of %d", sorted[sorted.count / 2], last, sorted.count)
    }
}
