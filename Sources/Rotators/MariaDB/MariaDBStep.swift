import Logging
import MariaDBClient
import RotationModel
import SecretModel

/// One step's secrets, read and checked, and the logins with them. All that it does ends at the step's deadline.
struct MariaDBStep: Sendable {
    let current: DatabaseSecret?
    let pending: DatabaseSecret?
    let admin: DatabaseSecret?
    let options: MariaDBOptions
    let deadline: ContinuousClock.Instant
    private let context: StepContext
    private let client: MariaDBClient

    private static let engines: Set<DatabaseEngine> = [.mariadb, .mysql]

    /// - Throws: `config_invalid`.
    init(_ context: StepContext, _ client: MariaDBClient) throws(RotationFailure) {
        (self.context, self.client) = (context, client)
        self.current = try Self.read(context.current, .current)
        self.pending = try Self.read(context.pending, .pending)
        self.admin = try Self.read(context.admin, .admin, inheritingFrom: self.current ?? self.pending)
        self.options = try MariaDBOptions(context.settings)
        self.deadline = context.deadline
        if let admin = self.admin, let account = self.current ?? self.pending {
            guard admin.host == account.host, admin.port == account.port else {
                throw RotationFailure(
                    .configInvalid,
                    "the admin secret is for \(admin.host):\(admin.port), the secret for \(account.host):\(account.port)",
                    hint: "name an admin secret of the same server in the rules"
                )
            }
        }
    }

    private static func read(
        _ value: SecretValue?,
        _ source: DatabaseSecret.Source,
        inheritingFrom base: DatabaseSecret? = nil
    ) throws(RotationFailure) -> DatabaseSecret? {
        guard let value else { return nil }
        return try DatabaseSecret(value, as: source, accepting: Self.engines, inheritingFrom: base)
    }

    /// A candidate of last resort, and so read only when it is asked for; one that cannot be read is taken for none.
    var previous: DatabaseSecret? {
        do {
            return try Self.read(self.context.previous, .previous)
        } catch {
            self.context.logger.notice("the previous value cannot serve as a candidate: \(error.message)")
            return nil
        }
    }

    /// The candidates in the order in which they are tried (I4).
    var candidates: [DatabaseSecret] { [self.pending, self.current, self.previous].compactMap { $0 } }

    func candidate(_ source: DatabaseSecret.Source) -> DatabaseSecret? {
        switch source {
        case .pending: self.pending
        case .current: self.current
        case .previous: self.previous
        case .admin: self.admin
        }
    }

    func requirePending() throws(RotationFailure) -> DatabaseSecret {
        guard let pending = self.pending else { throw RotationFailure(.internalError, "the step was called without a pending value") }
        return pending
    }

    func requireCurrent() throws(RotationFailure) -> DatabaseSecret {
        guard let current = self.current else { throw RotationFailure(.internalError, "the step was called without a current value") }
        return current
    }

    /// Logs in as the account, with one candidate.
    func asAccount<Result: Sendable>(
        _ secret: DatabaseSecret,
        _ body: @escaping @Sendable (borrowing MariaDBConnection) throws -> Result
    ) async throws(RotationFailure) -> Result {
        try await self.connected(secret, as: .account(secret.source), body)
    }

    /// Logs in with the admin secret.
    func asAdmin<Result: Sendable>(
        _ body: @escaping @Sendable (borrowing MariaDBConnection) throws -> Result
    ) async throws(RotationFailure) -> Result {
        guard let admin = self.admin else {
            throw RotationFailure(.configInvalid, "this needs an admin secret", hint: "name one in the secret's rules")
        }
        return try await self.connected(admin, as: .admin) { connection in
            // SHOW GRANTS then quotes every name, with backticks.
            if ServerDialect(connection.serverVersion) == .mariaDB {
                try connection.query("SET SESSION sql_mode = '', sql_quote_show_create = 1")
            }
            return try body(connection)
        }
    }

    /// Which account the server takes a candidate for; what it answers otherwise is the failure.
    func account(of secret: DatabaseSecret) async throws(RotationFailure) -> AccountName {
        try await self.asAccount(secret) { try $0.currentAccount() }
    }

    /// The same, in the middle of a conversation of the admin.
    func account(of secret: DatabaseSecret, besides admin: borrowing MariaDBConnection) throws -> AccountName {
        do {
            return try admin.alongside(self.login(secret)) { try $0.currentAccount() }
        } catch let error as MariaDBError {
            throw error.failure(of: .account(secret.source))
        }
    }

    private func connected<Result: Sendable>(
        _ secret: DatabaseSecret,
        as party: MariaDBError.Party,
        _ body: @escaping @Sendable (borrowing MariaDBConnection) throws -> Result
    ) async throws(RotationFailure) -> Result {
        let login = self.login(secret)
        do {
            return try await self.client.withConnection(login, deadline: self.deadline) { connection in
                login.note(connection)
                return try body(connection)
            }
        } catch let error as MariaDBError {
            throw error.failure(of: party)
        } catch let failure as RotationFailure {
            throw failure
        } catch {
            throw RotationFailure(.internalError, "the conversation with the server ended: \(type(of: error))", applied: .unknown)
        }
    }

    private func login(_ secret: DatabaseSecret) -> MariaDBLogin {
        var login = MariaDBLogin(
            endpoint: secret.host.hasPrefix("/") ? .socket(path: secret.host) : .tcp(host: secret.host, port: secret.port),
            user: secret.username,
            password: secret.password,
            encryption: {
                switch secret.tls {
                case .ifOffered: .whenOffered
                case .required: .required
                case .off: .none
                }
            }(),
            authorityFile: self.options.authorityFile
        )
        login.hadNoTLS = ServersWithoutTLS.shared.contains(login.server)
        return login
    }
}

extension MariaDBLogin {
    fileprivate var server: String { "mariadb://\(self.endpoint)" }

    /// Remembers whether the server had TLS, where it was asked for.
    fileprivate func note(_ connection: borrowing MariaDBConnection) {
        guard self.encryption == .whenOffered else { return }
        ServersWithoutTLS.shared.note(self.server, hasTLS: connection.isEncrypted)
    }
}
