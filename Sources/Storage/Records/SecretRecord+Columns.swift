import RotationModel
import SecretModel

extension SecretRecord {
    /// The columns that an update writes. Labels have a table of their own; the revision is the statement's.
    ///
    /// - Parameter old: Columns that hold the same as this record's may be left out, and their indexes need not be written.
    func columns(changedFrom old: SecretRecord? = nil) throws(StoreError) -> SQLColumnList {
        var columns = SQLColumnList(["changed_at": self.changedAt])
        if self.details != old?.details {
            columns.append([
                "description": self.description,
                "kms_key": self.kmsKeyID,
                "type": self.type,
                "tags": try StoredDocument.text(optional: self.tags),
                "resource_policy": self.resourcePolicy,
            ])
        }
        if old == nil || self.deletedAt != old?.deletedAt || self.purgeAt != old?.purgeAt {
            columns.append(["deleted_at": self.deletedAt, "purge_at": self.purgeAt])
        }
        if self.replication != old?.replication { columns.append(try self.replication.columns()) }
        if old == nil || self.rotation?.dates != old?.rotation?.dates { columns.append(RotationRecord.dateColumns(self.rotation)) }
        if self.hasOtherRotation(than: old) { columns.append(try RotationRecord.settingColumns(self.rotation)) }
        return columns
    }

    /// Whether anything but the dates of rotation differs.
    func hasOtherRotation(than old: SecretRecord?) -> Bool {
        guard let old else { return true }
        guard var known = old.rotation, let new = self.rotation else { return old.rotation != self.rotation }
        known.dates = new.dates
        return known != new
    }

    /// What people say of a secret.
    private struct Details: Equatable {
        let description: String?
        let kmsKeyID: String?
        let type: String?
        let tags: [Tag]?
        let resourcePolicy: String?
    }

    private var details: Details {
        Details(
            description: self.description,
            kmsKeyID: self.kmsKeyID,
            type: self.type,
            tags: self.tags,
            resourcePolicy: self.resourcePolicy
        )
    }

    init(_ row: SQLRow, labels: VersionLabels) throws(StoreError) {
        self.init(arn: try row.arn("arn"), createdAt: try row.time("created_at"))
        self.revision = try row.integer("revision")
        self.description = try row.optionalText("description")
        self.kmsKeyID = try row.optionalText("kms_key")
        self.type = try row.optionalText("type")
        self.tags = try row.optionalDocument("tags")
        self.labels = labels
        self.resourcePolicy = try row.optionalText("resource_policy")
        self.changedAt = try row.time("changed_at")
        self.accessedDay = try row.optionalTime("accessed_day")
        self.deletedAt = try row.optionalTime("deleted_at")
        self.purgeAt = try row.optionalTime("purge_at")
        if try row.flag("has_rotation") { self.rotation = try RotationRecord(row) }
        if let primary = try row.optional("primary_region", { $0.text.flatMap(RegionName.init) }) {
            self.replication = .replica(of: primary)
        } else {
            self.replication = Replication(replicas: try row.optionalDocument("replicas") ?? [])
        }
    }
}

extension Replication {
    fileprivate func columns() throws(StoreError) -> SQLColumnList {
        switch self {
        case .none: SQLColumnList(["primary_region": String?.none, "replicas": String?.none])
        case .primary(let replicas): SQLColumnList(["primary_region": String?.none, "replicas": try StoredDocument.text(replicas)])
        case .replica(let primary): SQLColumnList(["primary_region": primary.description, "replicas": String?.none])
        }
    }
}

extension RotationRecord {
    /// Each rotation reads its secret several times.
    private static let knownRules = DocumentMemory<RotationRules>()
    private static let knownSettings = DocumentMemory<RotatorSettingsData>()

    /// What each run changes.
    fileprivate struct Dates: Equatable {
        var lastRotatedAt: Timestamp?
        var nextWindow: RotationWindow?
        var dueAt: Timestamp?
        var maxAgeDeadline: Timestamp?
        var consecutiveFailures: Int
    }

    fileprivate var dates: Dates {
        get {
            Dates(
                lastRotatedAt: self.lastRotatedAt,
                nextWindow: self.nextWindow,
                dueAt: self.dueAt,
                maxAgeDeadline: self.maxAgeDeadline,
                consecutiveFailures: self.consecutiveFailures
            )
        }
        set {
            (self.lastRotatedAt, self.nextWindow, self.dueAt) = (newValue.lastRotatedAt, newValue.nextWindow, newValue.dueAt)
            (self.maxAgeDeadline, self.consecutiveFailures) = (newValue.maxAgeDeadline, newValue.consecutiveFailures)
        }
    }

    fileprivate static func dateColumns(_ rotation: RotationRecord?) -> SQLColumnList {
        SQLColumnList([
            "last_rotated_at": rotation?.lastRotatedAt,
            "window_start": rotation?.nextWindow?.start,
            "window_end": rotation?.nextWindow?.end,
            "due_at": rotation?.dueAt,
            "max_age_deadline": rotation?.maxAgeDeadline,
            "consecutive_failures": rotation?.consecutiveFailures ?? 0,
        ])
    }

    fileprivate static func settingColumns(_ rotation: RotationRecord?) throws(StoreError) -> SQLColumnList {
        SQLColumnList([
            "has_rotation": rotation != nil,
            "rotation_enabled": rotation?.isEnabled ?? false,
            "rotator": rotation?.rotator.description,
            "lambda_arn": rotation?.lambdaARN,
            "rules": try StoredDocument.text(optional: rotation?.rules),
            "settings": try StoredDocument.text(optional: rotation?.settings),
            "admin": rotation?.admin,
            "target": rotation?.target,
            "account": rotation?.account,
            "ruleset": rotation?.ruleset,
            "stagger_group": rotation?.rules?.stagger?.group,
        ])
    }

    fileprivate init(_ row: SQLRow) throws(StoreError) {
        self.init(
            rotator: try row.required("rotator") { $0.text.flatMap { RotatorName($0) } },
            lambdaARN: try row.text("lambda_arn")
        )
        self.isEnabled = try row.flag("rotation_enabled")
        self.rules = try row.optionalText("rules").map { text throws(StoreError) in try Self.knownRules.value(in: text, column: "rules") }
        self.settings = try Self.knownSettings.value(in: row.text("settings"), column: "settings")
        self.admin = try row.optional("admin") { $0.text.flatMap(SecretARN.init) }
        self.lastRotatedAt = try row.optionalTime("last_rotated_at")
        self.nextWindow = try row.window()
        self.dueAt = try row.optionalTime("due_at")
        self.maxAgeDeadline = try row.optionalTime("max_age_deadline")
        self.consecutiveFailures = try row.count("consecutive_failures")
        self.target = try row.optionalText("target")
        self.account = try row.optionalText("account")
        self.ruleset = try row.optionalText("ruleset")
    }
}

extension SQLRow {
    /// One row of `labels`.
    func label() throws(StoreError) -> (label: StagingLabel, version: VersionID) {
        (try self.required("label") { $0.text.flatMap(StagingLabel.init) }, try self.version("version"))
    }

    /// The window in `window_start` and `window_end`.
    func window() throws(StoreError) -> RotationWindow? {
        guard let start = try self.optionalTime("window_start"), let end = try self.optionalTime("window_end") else { return nil }
        return RotationWindow(start: start, end: end)
    }
}

extension VersionRecord {
    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            secret: try row.arn("secret"),
            id: try row.version("id"),
            value: try row.sealed("value"),
            createdAt: try row.time("created_at")
        )
        self.accessedDay = try row.optionalTime("accessed_day")
    }
}
