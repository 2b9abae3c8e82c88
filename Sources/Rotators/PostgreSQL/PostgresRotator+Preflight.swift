import PostgresClient
import RotationModel

extension PostgresRotator {
    package func preflight(_ context: StepContext) async -> [PreflightFinding] {
        do throws(RotationFailure) {
            let options = try PostgresOptions(context.settings)
            let current = try self.secret(.current, in: context)
            let pair = try self.pair(of: current, context.settings)
            try options.check(account: pair?.original ?? current.username)
            let admin = try DatabaseValues.admin(of: current, in: context, accepting: Self.engines)
            var findings = [PreflightFinding(.passed, check: "secret", "the secret's value and the options can be read")]
            findings += options.unknown.map { name in
                let known = PostgresOptions.names.joined(separator: ", ")
                return PreflightFinding(.failed, check: "options", "there is no option `\(name)`", hint: "Options: \(known).")
            }
            findings.append(await self.loginFinding(context))
            findings += await self.sessionFindings(current, options, context.deadline)
            findings += await self.adminFindings(admin, current, pair, options, context.deadline)
            findings.append(
                PreflightFinding(.unproven, check: "policy", "rules of the server about passwords show when one is set, and not before")
            )
            return findings
        } catch {
            return [PreflightFinding(.failed, check: "secret", error.message, hint: error.hint)]
        }
    }

    /// Whether current logs in, and whether that proves anything.
    private func loginFinding(_ context: StepContext) async -> PreflightFinding {
        let report = await self.probe(.current, context)
        guard let failure = report.failure else {
            return PreflightFinding(.passed, check: "login", "the current value logs in, and a wrong password is refused")
        }
        // A clone that differs from its original is mended by the rotation.
        let isMended = report.outcome == .accepted && failure.code == .preconditionFailed
        return PreflightFinding(isMended ? .warning : .failed, check: "login", failure.message, hint: failure.hint)
    }

    private func sessionFindings(
        _ current: DatabaseSecret,
        _ options: PostgresOptions,
        _ deadline: ContinuousClock.Instant
    ) async -> [PreflightFinding] {
        do throws(PostgresError) {
            return try await self.connected(self.login(current, options), deadline: deadline) {
                connection throws(PostgresError) in
                let encryption = try connection.run("SELECT current_setting('password_encryption') AS algorithm").first?["algorithm"]
                return [
                    Self.tlsFinding(current, usesTLS: connection.usesTLS),
                    encryption == "scram-sha-256"
                        ? PreflightFinding(.passed, check: "encryption", "passwords are kept as scram-sha-256")
                        : PreflightFinding(
                            .warning,
                            check: "encryption",
                            "the server keeps passwords as md5, which is weak",
                            hint: "Set password_encryption = 'scram-sha-256' on the server."
                        ),
                ]
            }
        } catch {
            // The finding about the login says why.
            return []
        }
    }

    private static func tlsFinding(_ current: DatabaseSecret, usesTLS: Bool) -> PreflightFinding {
        if usesTLS { return PreflightFinding(.passed, check: "tls", "the connection is encrypted and the server verified") }
        guard !current.isLocal else {
            return PreflightFinding(.passed, check: "tls", "clear text, on this machine only")
        }
        let hint = "Remove `ssl` from the secret's value, or set it to true."
        return PreflightFinding(.warning, check: "tls", "clear text over the network, as `ssl` of the secret says", hint: hint)
    }
}
