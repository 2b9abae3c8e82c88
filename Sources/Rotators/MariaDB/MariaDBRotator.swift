package import MariaDBClient
package import RotationModel
package import SecretModel

/// Rotates passwords of MariaDB accounts; MySQL servers by a dialect of their own, see ``MySQLDialect``.
///
/// Only hashes are sent to MariaDB, never a password (I8). Rotators: `mariadb-single-user`, `mariadb-overlapping`,
/// `mariadb-alternating-users`.
package struct MariaDBRotator: Rotator {
    package let manifest: RotatorManifest
    let client: MariaDBClient

    /// - Parameter client: Shared by the rotators of a daemon, so that its threads bound all their connections together.
    package init(strategy: RotationStrategy, client: MariaDBClient) {
        self.client = client
        self.manifest = Self.manifest(of: strategy)
    }

    package func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue {
        let step = try MariaDBStep(context, self.client)
        let current = try step.requireCurrent()
        let password: String
        do {
            var generator = SystemRandomNumberGenerator()
            password = try context.settings.password.generate(using: &generator)
        } catch {
            throw RotationFailure(.configInvalid, "the password profile cannot be met: \(error)")
        }
        let username: String? =
            switch self.manifest.strategy {
            case .alternatingUsers: try TwinNames(user: current.username, options: step.options).other(than: current.username)
            case .singleUser, .overlapping: nil
            }
        return current.replacing(password: SecretValue(string: password), username: username)
    }

    package func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let step = try MariaDBStep(context, self.client)
        if context.isDryRun { return StepReport(message: "dry run: nothing was changed") }
        switch self.manifest.strategy {
        case .alternatingUsers: return try await TwinChange(step: step).set()
        case .singleUser, .overlapping:
            try Self.checkSameAccount(step)
            let isOverlapping = self.manifest.strategy == .overlapping
            guard isOverlapping || step.admin != nil else { return try await OwnPasswordChange(step: step).set() }
            return try await AdminPasswordChange(step: step, keepsCurrent: isOverlapping).set()
        }
    }

    package func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        let step = try MariaDBStep(context, self.client)
        let pending = try step.requirePending()
        let own = try await step.asAccount(pending) { try $0.ownAccount() }
        let account = own.name
        guard account.user == pending.username else {
            throw RotationFailure(
                .configInvalid,
                "the server takes \(pending.username) for \(account)",
                hint: "remove the account without a name that stands before it"
            )
        }
        guard try await step.isProof(own, of: pending) else { throw MariaDBStep.acceptsAnything }
        let problems = try await self.problems(step)
        guard problems.isEmpty else {
            throw RotationFailure(
                .preconditionFailed,
                "the pending value logs in, but setSecret is not complete: \(problems.prefix(5).joined(separator: "; "))",
                applied: .yes
            )
        }
        let isUnchecked = self.manifest.strategy == .alternatingUsers && step.admin == nil
        return StepReport(
            account: account.description,
            message: "logged in as \(account)",
            warnings: isUnchecked ? ["the twin's privileges were not compared: no admin secret"] : []
        )
    }

    package func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport { StepReport() }

    package func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport {
        switch self.manifest.strategy {
        case .singleUser: return StepReport()
        case .overlapping: return try await OverlapRetirement(step: MariaDBStep(context, self.client)).retire()
        case .alternatingUsers: return try await TwinRetirement(step: MariaDBStep(context, self.client)).retire()
        }
    }

    /// What keeps a pending value that logs in from being complete, as far as the admin secret lets us look.
    func problems(_ step: MariaDBStep) async throws(RotationFailure) -> [String] {
        guard step.admin != nil else { return [] }
        switch self.manifest.strategy {
        case .alternatingUsers: return try await TwinChange(step: step).problems()
        case .singleUser, .overlapping:
            let change = AdminPasswordChange(step: step, keepsCurrent: self.manifest.strategy == .overlapping)
            return try await change.isComplete() ? [] : ["some accounts of the user still have only an older password"]
        }
    }

    /// A secret whose user or host was edited must not move a password to somebody else's account.
    private static func checkSameAccount(_ step: MariaDBStep) throws(RotationFailure) {
        let (pending, current) = (try step.requirePending(), try step.requireCurrent())
        guard pending.username == current.username, pending.host == current.host, pending.port == current.port else {
            throw RotationFailure(
                .configInvalid,
                "the pending value is for \(pending.username) on \(pending.host):\(pending.port), the current one for "
                    + "\(current.username) on \(current.host):\(current.port)",
                hint: "cancel the run and start another"
            )
        }
    }
}
