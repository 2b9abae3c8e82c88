import RotationModel
import SecretModel

extension RunRecord {
    /// Whether the run will be taken up again: it is unfinished, or an old credential is to be retired.
    var isLive: Bool { self.state.isUnfinished || self.state == .retiring }

    /// Where the run stands among others: the columns that indexes are made of. They stay as they are while a worker has the run, and an
    /// index need not be written for each of its commits.
    var placeColumns: SQLColumnList {
        SQLColumnList([
            "is_unfinished": self.state.isUnfinished,
            "is_live": self.isLive,
            "next_attempt_at": self.nextAttemptAt,
        ])
    }

    /// The other columns that an update writes; those of the lease are the statements' own.
    func columns() throws(StoreError) -> SQLColumnList {
        var columns = SQLColumnList([
            "state": self.state.rawValue,
            "step": self.step.rawValue,
            "attempt": self.attempt,
            "is_target_touched": self.isTargetTouched,
            "regenerations": self.regenerations,
            "updated_at": self.updatedAt,
            "finished_at": self.finishedAt,
            "window_start": self.window?.start,
            "window_end": self.window?.end,
            "failed_step": self.failedStep?.rawValue,
            "failure": try StoredDocument.text(optional: self.failure),
            "candidates": try self.candidatesText(),
            "has_drift": self.hasDrift,
            "account": self.account,
            "login_gap": self.loginGap,
            "replaced": self.replaced,
        ])
        columns.append(sealed: self.rotatorState, as: "state_value")
        return columns
    }

    /// Most runs never probe: for those no document has to be written or read.
    private static let noCandidates = "{}"

    private func candidatesText() throws(StoreError) -> String {
        if self.candidates.isEmpty { return Self.noCandidates }
        return try StoredDocument.text(Dictionary(uniqueKeysWithValues: self.candidates.map { ($0.key.rawValue, $0.value) }))
    }

    private static func candidates(_ row: SQLRow) throws(StoreError) -> [Candidate: CandidateStatus] {
        if try row.text("candidates") == Self.noCandidates { return [:] }
        var candidates: [Candidate: CandidateStatus] = [:]
        let statuses: [String: CandidateStatus] = try row.document("candidates")
        for (name, status) in statuses {
            guard let candidate = Candidate(rawValue: name) else { throw StoreError.failed("the store is damaged: candidate \(name)") }
            candidates[candidate] = status
        }
        return candidates
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            id: RunID(secret: try row.arn("secret"), token: try row.version("token")),
            trigger: try row.choice("run_trigger"),
            rotator: try row.required("rotator") { $0.text.flatMap { RotatorName($0) } },
            strategy: try row.choice("strategy"),
            startedAt: try row.time("started_at"),
            window: try row.window(),
            target: try row.text("target"),
            boundAccount: try row.optionalText("bound_account")
        )
        self.state = try row.choice("state")
        self.step = try row.choice("step")
        self.attempt = try row.count("attempt")
        self.isTargetTouched = try row.flag("is_target_touched")
        self.regenerations = try row.count("regenerations")
        self.updatedAt = try row.time("updated_at")
        self.finishedAt = try row.optionalTime("finished_at")
        self.nextAttemptAt = try row.optionalTime("next_attempt_at")
        self.failedStep = try row.optional("failed_step") { $0.text.flatMap(RotationStep.init) }
        self.failure = try row.optionalDocument("failure")
        self.candidates = try Self.candidates(row)
        self.hasDrift = try row.flag("has_drift")
        self.account = try row.optionalText("account")
        self.loginGap = try row.optionalInteger("login_gap")
        self.replaced = try row.optional("replaced") { $0.text.flatMap(VersionID.init) }
        self.rotatorState = try row.sealed("state_value")
        if let owner = try row.optionalText("lease_owner") {
            self.lease = Lease(owner: owner, term: try row.integer("lease_term"), expires: try row.time("lease_expires"))
        }
    }
}

extension StepRecord {
    func columns() throws(StoreError) -> SQLColumnList {
        SQLColumnList([
            "secret": self.run.secret,
            "token": self.run.token,
            "sequence": self.sequence,
            "name": self.name,
            "attempt": self.attempt,
            "started_at": self.startedAt,
            "finished_at": self.finishedAt,
            "failure": try StoredDocument.text(optional: self.failure),
            "message": self.message,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            run: RunID(secret: try row.arn("secret"), token: try row.version("token")),
            sequence: try row.integer("sequence"),
            name: try row.text("name"),
            attempt: try row.count("attempt"),
            startedAt: try row.time("started_at"),
            finishedAt: try row.time("finished_at"),
            failure: try row.optionalDocument("failure"),
            message: try row.optionalText("message")
        )
    }
}
