package import Logging
package import RotationModel
package import SecretModel

/// What performs the steps of a run on one kind of target. It sees one narrow context and cannot reach the store.
///
/// Every step is idempotent for one run: a retry brings the same pending value (I3). Errors never carry a secret value (I8).
package protocol Rotator: Sendable {
    var manifest: RotatorManifest { get }

    /// The pending value: for most rotators the current JSON with a new password (and, alternating, the other user name).
    func createSecret(_ context: StepContext) async throws(RotationFailure) -> SecretValue

    /// Makes the target accept the pending value. When it returns, everything that the step has to do is done and checked.
    func setSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport

    /// Logs in with pending, reports which account the server says it is, and checks what a login alone does not prove.
    func testSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport

    /// Runs with the new version already AWSCURRENT; its failure never rolls back.
    func finishSecret(_ context: StepContext) async throws(RotationFailure) -> StepReport

    /// Ends the credential of AWSPREVIOUS after the grace period.
    func retire(_ context: StepContext) async throws(RotationFailure) -> StepReport

    /// Logs in with one candidate. Read-only. Never throws: what went wrong is the outcome.
    func probe(_ candidate: Candidate, _ context: StepContext) async -> ProbeReport

    /// Where the credential lives, from the secret's current value: the key for "one owner per (target, account)" (I7) and for the
    /// limits per target (I10).
    func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity

    /// Checks everything that can be checked without changing anything: connection, privileges, engine, account rows, TLS,
    /// protected accounts; and says what it could not prove.
    func preflight(_ context: StepContext) async -> [PreflightFinding]
}

/// What a rotator is and can do.
package struct RotatorManifest: Hashable, Sendable {
    package let name: RotatorName
    package let summary: String
    package let strategy: RotationStrategy
    /// Steps that do something; the engine skips the others. testSecret and setSecret are always among them.
    package let steps: Set<RotationStep>
    package let requiresAdmin: Bool
    /// Wall time per step.
    package let timeout: Duration
    /// `built-in`, or the path of the executable.
    package let origin: String

    package init(
        name: RotatorName,
        summary: String,
        strategy: RotationStrategy,
        steps: Set<RotationStep>,
        requiresAdmin: Bool,
        timeout: Duration,
        origin: String
    ) {
        self.name = name
        self.summary = summary
        self.strategy = strategy
        self.steps = steps
        self.requiresAdmin = requiresAdmin
        self.timeout = timeout
        self.origin = origin
    }
}

/// What a secret's rules say to its rotator.
package struct RotatorSettings: Hashable, Sendable, Codable {
    package var password: PasswordPolicy
    /// Free settings by name, such as `owner_role`, `clone: existing`, `tls_ca_file`; each rotator checks its own.
    package var options: [String: String]

    package init(password: PasswordPolicy = .default, options: [String: String] = [:]) {
        self.password = password
        self.options = options
    }
}

/// All that a rotator sees of one step.
package struct StepContext: Sendable {
    package let secret: SecretARN
    package let run: VersionID
    package let attempt: Int
    package let trigger: RotationTrigger
    package let isDryRun: Bool
    /// AWSCURRENT's value. During `retire` this is the new value.
    package let current: SecretValue?
    package let pending: SecretValue?
    package let previous: SecretValue?
    /// The value of the admin secret, if the rules name one.
    package let admin: SecretValue?
    package let settings: RotatorSettings
    /// Opaque state that an earlier step of this run returned.
    package let state: JSONValue?
    package let deadline: ContinuousClock.Instant
    package let logger: Logger

    package init(
        secret: SecretARN,
        run: VersionID,
        attempt: Int = 1,
        trigger: RotationTrigger = .manual,
        isDryRun: Bool = false,
        current: SecretValue? = nil,
        pending: SecretValue? = nil,
        previous: SecretValue? = nil,
        admin: SecretValue? = nil,
        settings: RotatorSettings = RotatorSettings(),
        state: JSONValue? = nil,
        deadline: ContinuousClock.Instant,
        logger: Logger
    ) {
        self.secret = secret
        self.run = run
        self.attempt = attempt
        self.trigger = trigger
        self.isDryRun = isDryRun
        self.current = current
        self.pending = pending
        self.previous = previous
        self.admin = admin
        self.settings = settings
        self.state = state
        self.deadline = deadline
        self.logger = logger
    }
}

/// What a step has to say besides "done".
package struct StepReport: Hashable, Sendable {
    /// Which account the server says it is, e.g. `app@%`.
    package var account: String?
    package var message: String?
    package var warnings: [String]
    /// From setSecret: AWSCURRENT was refused, and pending was set with the previous value or as admin (I4).
    package var hasDrift: Bool
    /// Carried to the next steps of this run, stored encrypted, at most 16 KiB.
    package var state: JSONValue?

    package init(
        account: String? = nil,
        message: String? = nil,
        warnings: [String] = [],
        hasDrift: Bool = false,
        state: JSONValue? = nil
    ) {
        self.account = account
        self.message = message
        self.warnings = warnings
        self.hasDrift = hasDrift
        self.state = state
    }
}

/// The answer of a probe.
package struct ProbeReport: Hashable, Sendable {
    package let outcome: ProbeOutcome
    /// Whether the login proves anything: false where the target would accept a wrong password (trust, peer), or where setSecret does
    /// more than set a password and the check of the rest failed (I4). The engine adopts pending only when accepted *and* proven.
    package let isProof: Bool
    package let account: String?
    /// Why it was not accepted, or why acceptance proves nothing.
    package let failure: RotationFailure?

    package init(outcome: ProbeOutcome, isProof: Bool = true, account: String? = nil, failure: RotationFailure? = nil) {
        self.outcome = outcome
        self.isProof = isProof
        self.account = account
        self.failure = failure
    }
}

/// Where a credential lives.
package struct TargetIdentity: Hashable, Sendable {
    /// Engine, host and port, normalised: `postgres://10.0.0.5:5432`.
    package let target: String
    /// The account without the alternation suffix, so that both twins are one account.
    package let account: String

    package init(target: String, account: String) {
        self.target = target
        self.account = account
    }
}

/// One result of a preflight.
package struct PreflightFinding: Hashable, Sendable {
    package enum Level: String, Hashable, Sendable {
        case passed, warning, failed
        /// Could not be proven without changing something.
        case unproven
    }

    package let level: Level
    /// Short name of the check: `login`, `privileges`, `tls`, `account`, `protected-account`, …
    package let check: String
    package let message: String
    package let hint: String?

    package init(_ level: Level, check: String, _ message: String, hint: String? = nil) {
        self.level = level
        self.check = check
        self.message = message
        self.hint = hint
    }
}
