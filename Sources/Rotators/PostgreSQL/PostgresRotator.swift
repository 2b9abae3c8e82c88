package import PostgresClient
package import RotationModel
package import SecretModel

/// Changes the passwords of PostgreSQL roles. The server sees verifiers only, never a password (W4).
///
/// - `postgres-single-user` changes the password of the role itself, as that role, or as admin when nothing else logs in (W16).
/// - `postgres-alternating-users` changes the password of the role whose turn it is, as admin. The clone is made and kept equal to the
///   original (`RoleParity`) in the transaction that sets its password.
package struct PostgresRotator: Rotator {
    package enum Strategy: Hashable, Sendable {
        case singleUser, alternatingUsers
    }

    /// NAMEDATALEN - 1.
    static let nameLimit = 63
    static let engines: Set<DatabaseEngine> = [.postgres]

    package let manifest: RotatorManifest
    let strategy: Strategy
    let client: PostgresClient

    /// - Parameter client: Shared by the rotators of a daemon, so that its threads bound all their connections together.
    /// - Returns: `nil` never in practice: the names of the built-in rotators have the form of a rotator's name.
    package init?(_ strategy: Strategy, client: PostgresClient) {
        let isSingle = strategy == .singleUser
        guard let name = RotatorName(isSingle ? "postgres-single-user" : "postgres-alternating-users") else { return nil }
        self.strategy = strategy
        self.client = client
        self.manifest = RotatorManifest(
            name: name,
            summary: isSingle
                ? "PostgreSQL: a new password for one role"
                : "PostgreSQL: two roles that take turns, the second a clone of the first",
            strategy: isSingle ? .singleUser : .alternatingUsers,
            steps: isSingle ? [.createSecret, .setSecret, .testSecret] : [.createSecret, .setSecret, .testSecret, .retire],
            requiresAdmin: !isSingle,
            timeout: .seconds(60),
            origin: "built-in"
        )
    }

    /// The rotators of this engine.
    package static func all(client: PostgresClient) -> [any Rotator] {
        [Strategy.singleUser, .alternatingUsers].compactMap { PostgresRotator($0, client: client) }
    }

    package func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue {
        // A retry brings the value of this run: it is never replaced here (I3).
        if let pending = context.pending { return pending }
        guard let value = context.current else {
            throw RotationFailure(.configInvalid, "the secret has no current value: a rotation starts from one")
        }
        let current = try DatabaseSecret(value, as: .current, accepting: Self.engines)
        let pair = try self.pair(of: current, context.settings)
        var generator = SystemRandomNumberGenerator()
        let username = pair?.other(than: current.username)
        return try current.withNewPassword(context.settings.password, username: username, using: &generator)
    }

    package func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        switch self.strategy {
        case .singleUser: try await self.setPassword(context)
        case .alternatingUsers: try await self.setTwin(context)
        }
    }

    package func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }

    package func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        let secret = try DatabaseSecret(current, as: .current, accepting: Self.engines)
        // All ways to this machine lead to one server.
        let host = secret.isLocal && !secret.host.hasPrefix("/") ? "localhost" : secret.host.lowercased()
        let bracketed = host.contains(":") ? "[\(host)]" : host
        let account = try self.pair(of: secret, settings)?.original ?? AlternatingPair.original(of: secret.username)
        return TargetIdentity(target: "postgres://\(bracketed):\(secret.port)", account: account)
    }
}

extension PostgresRotator {
    /// The pair that the account is one of; `nil` for the single-user strategy.
    func pair(of current: DatabaseSecret, _ settings: RotatorSettings) throws(RotationFailure) -> AlternatingPair? {
        guard self.strategy == .alternatingUsers else { return nil }
        return try AlternatingPair(containing: current.username, settings: settings, limit: Self.nameLimit)
    }

    func values(_ context: StepContext, _ options: PostgresOptions) throws(RotationFailure) -> DatabaseValues {
        try DatabaseValues(context, accepting: Self.engines) { current throws(RotationFailure) in
            let pair = try self.pair(of: current, context.settings)
            try options.check(account: pair?.original ?? current.username)
            return pair?.other(than: current.username) ?? current.username
        }
    }

    func login(_ secret: DatabaseSecret, _ options: PostgresOptions) -> PostgresLogin {
        PostgresLogin(
            host: secret.host,
            port: secret.port,
            username: secret.username,
            password: secret.password,
            database: secret.database ?? "postgres",
            tls: PostgresLogin.TLS(secret.tls),
            authoritiesFile: options.authoritiesFile
        )
    }

    /// Logs in and runs the body; see `PostgresClient.withConnection`.
    func connected<Result: Sendable>(
        _ login: PostgresLogin,
        deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (borrowing PostgresConnection) throws(PostgresError) -> Result
    ) async throws(PostgresError) -> Result {
        var login = login
        let server = "postgres://\(login.hosts.joined(separator: ",")):\(login.port)"
        login.hadNoTLS = ServersWithoutTLS.shared.contains(server)
        let asksForTLS = login.tls == .verifiedIfOffered
        return try await self.client.withConnection(to: login, deadline: deadline) { connection throws(PostgresError) in
            if asksForTLS { ServersWithoutTLS.shared.note(server, hasTLS: connection.usesTLS) }
            return try body(connection)
        }
    }
}

extension PostgresLogin.TLS {
    fileprivate init(_ tls: DatabaseSecret.TLS) {
        switch tls {
        case .ifOffered: self = .verifiedIfOffered
        case .required: self = .verified
        case .off: self = .off
        }
    }
}

extension PostgresConnection {
    /// Sets a role's password, by a verifier of the kind that the server wants.
    /// - Parameter suffix: What else to set in the same statement.
    func setPassword(
        of role: String,
        to password: SecretValue,
        and suffix: String = ""
    ) throws(PostgresError) {
        let encryption = try self.run("SELECT current_setting('password_encryption') AS algorithm").first?["algorithm"]
        // Before PostgreSQL 14 the setting could also be `on`, which meant md5.
        let algorithm = encryption == "scram-sha-256" ? "scram-sha-256" : "md5"
        let verifier = try self.verifier(of: password, username: role, algorithm: algorithm)
        let statement = "ALTER ROLE \(try self.identifier(role)) PASSWORD \(try self.literal(verifier)) \(suffix)"
        try self.run(statement, hiding: [verifier])
    }
}
