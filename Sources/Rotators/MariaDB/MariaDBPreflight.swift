import MariaDBClient
import RotationModel

/// Looks at everything that a rotation will need, and changes nothing. One failed login at most, see ``MariaDBStep/isProof(_:of:)``.
struct MariaDBPreflight: Sendable {
    let step: MariaDBStep
    let strategy: RotationStrategy

    func findings() async -> [PreflightFinding] {
        guard let current = self.step.current else {
            return [PreflightFinding(.failed, check: "secret", "the secret has no current value")]
        }
        var findings = await self.login(current)
        findings += self.step.admin == nil ? await self.alone(current) : await self.administered(current)
        return findings
    }

    private func login(_ current: DatabaseSecret) async -> [PreflightFinding] {
        do {
            let (own, isEncrypted, version) = try await self.step.asAccount(current) { connection in
                (try connection.ownAccount(), connection.isEncrypted, connection.serverVersion)
            }
            let account = own.name
            var findings = [PreflightFinding(.passed, check: "login", "the current value logs in as \(account), server \(version)")]
            findings.append(Self.encryption(isEncrypted, isLocal: current.isLocal))
            if account.user != current.username {
                let message = "the server takes \(current.username) for \(account)"
                findings.append(
                    PreflightFinding(.failed, check: "account", message, hint: "remove the account without a name that stands before it")
                )
            }
            if try await !self.step.isProof(own, of: current) {
                findings.append(Self.finding(MariaDBStep.acceptsAnything, check: "account"))
            }
            return findings
        } catch {
            return [Self.finding(error, check: "login")]
        }
    }

    private static func encryption(_ isEncrypted: Bool, isLocal: Bool) -> PreflightFinding {
        if isEncrypted { return PreflightFinding(.passed, check: "tls", "the conversation is encrypted and the certificate verified") }
        let message = "the conversation is in clear text"
        return isLocal
            ? PreflightFinding(.passed, check: "tls", message + ", on this machine")
            : PreflightFinding(.warning, check: "tls", message, hint: "remove `ssl: false` from the secret once the server offers TLS")
    }

    /// Without an admin secret: the account looks at itself.
    private func alone(_ current: DatabaseSecret) async -> [PreflightFinding] {
        if self.strategy != .singleUser {
            return [
                PreflightFinding(
                    .failed,
                    check: "admin",
                    "the strategy \(self.strategy.rawValue) needs an admin secret",
                    hint: "name one in the secret's rules"
                )
            ]
        }
        let options = self.step.options
        do {
            return try await self.step.asAccount(current) { connection in
                guard ServerDialect(connection.serverVersion) == .mariaDB else { return [Self.unverifiedMySQL] }
                let (own, rights) = try connection.ownGrants()
                var findings = [Self.plugins(try own.knownRules(), of: own.name, isAlone: true)]
                findings.append(Self.protection(user: current.username, rights: rights, options: options))
                findings.append(
                    PreflightFinding(.unproven, check: "accounts", "without an admin secret, other hosts of the user cannot be seen")
                )
                return findings
            }
        } catch {
            return [Self.finding(error, check: "account")]
        }
    }

    private func administered(_ current: DatabaseSecret) async -> [PreflightFinding] {
        let (options, strategy) = (self.step.options, self.strategy)
        let candidates = [current]
        do {
            let names = try TwinNames(user: current.username, options: options)
            let user = strategy == .alternatingUsers ? names.original : current.username
            return try await self.step.asAdmin { connection in
                guard ServerDialect(connection.serverVersion) == .mariaDB else { return [Self.unverifiedMySQL] }
                var findings = [PreflightFinding(.passed, check: "admin", "the admin secret logs in as \(try connection.currentAccount())")]
                let coverage = AdminCoverage(admin: try connection.ownGrants().rights)
                findings += Self.adminPrivileges(coverage)
                let rows = try connection.accountRows(of: current.username)
                let choice = try AccountChoice(user: current.username, rows: rows, candidates: candidates)
                findings.append(Self.accounts(choice))
                findings += choice.chosen.map { Self.plugins($0.rules, of: $0.name, isAlone: false) }
                findings += try Self.anonymous(on: connection)
                for row in try connection.accountRows(of: user) {
                    let rights = try connection.rights(of: row.name)
                    findings.append(Self.protection(user: user, rights: rights, options: options))
                    if strategy == .alternatingUsers { findings.append(Self.coverage(coverage, of: rights, row.name)) }
                }
                if strategy == .alternatingUsers { findings.append(try Self.twin(names, on: connection)) }
                return findings
            }
        } catch {
            return [Self.finding(error, check: "admin")]
        }
    }
}
