import RotationModel
package import SecretModel

extension ReadableStore {
    /// The secret of exactly that ARN, also when it is scheduled for deletion.
    package func secret(_ arn: SecretARN) throws -> SecretRecord? {
        try self.secret(matching: .arn(arn), in: arn.scope)
    }

    /// Finds by exact name, full ARN or partial ARN; `scope` is the request's, for names.
    package func secret(matching reference: SecretReference, in scope: SecretScope) throws -> SecretRecord? {
        let choice = Self.choice(of: reference, in: scope)
        return try self.secrets(chosenBy: choice.condition, choice.parameters).first
    }

    /// The same, but no more of the secret than a reader of its value needs.
    package func head(matching reference: SecretReference, in scope: SecretScope) throws -> SecretHead? {
        let choice = Self.choice(of: reference, in: scope)
        let columns = "arn, accessed_day, deleted_at, purge_at"
        guard let row = try self.sql.query("SELECT \(columns) FROM secrets \(choice.condition)", choice.parameters).first else {
            return nil
        }
        let arn = try row.arn("arn")
        let labels = try self.sql.query("SELECT label, version FROM labels WHERE secret = ? ORDER BY ordinal", arn)
        return SecretHead(
            arn: arn,
            labels: VersionLabels(try labels.map { try $0.label() }),
            accessedDay: try row.optionalTime("accessed_day"),
            deletedAt: try row.optionalTime("deleted_at"),
            purgeAt: try row.optionalTime("purge_at")
        )
    }

    /// All secrets of an account and region in creation order, those scheduled for deletion only if asked.
    package func secrets(in scope: SecretScope, includingDeleted: Bool) throws -> [SecretRecord] {
        let condition = includingDeleted ? "" : "AND deleted_at IS NULL"
        return try self.secrets(
            chosenBy: "WHERE account_id = ? AND region = ? \(condition) ORDER BY sequence",
            scope.account.description,
            scope.region.description
        )
    }

    /// Secrets that are scheduled for deletion and whose time has come, in all accounts and regions.
    package func purgeableSecrets(at now: Timestamp) throws -> [SecretARN] {
        try self.sql.query("SELECT arn FROM secrets WHERE deleted_at IS NOT NULL AND purge_at <= ? ORDER BY purge_at, arn", now)
            .map { try $0.arn("arn") }
    }

    /// What follows `FROM secrets` to find that one.
    private static func choice(of reference: SecretReference, in scope: SecretScope) -> (condition: String, parameters: [SQLValue]) {
        func named(_ name: SecretName, _ scope: SecretScope) -> (String, [SQLValue]) {
            let parameters = [scope.account.description, scope.region.description, name.description]
            return ("WHERE account_id = ? AND region = ? AND name = ?", parameters.map { $0.sqlValue })
        }
        return switch reference {
        case .arn(let arn): ("WHERE arn = ?", [arn.sqlValue])
        case .name(let name): named(name, scope)
        case .partialARN(let scope, let name): named(name, scope)
        }
    }

    /// Secrets with their labels, in two queries however many there are.
    ///
    /// - Parameter choice: What follows `FROM secrets`.
    func secrets(chosenBy choice: String, _ parameters: any SQLConvertible...) throws -> [SecretRecord] {
        try self.secrets(chosenBy: choice, parameters.map { $0.sqlValue })
    }

    /// The same with the values of the parameters.
    func secrets(chosenBy choice: String, _ values: [SQLValue]) throws -> [SecretRecord] {
        let rows = try self.sql.query("SELECT * FROM secrets \(choice)", values)
        guard !rows.isEmpty else { return [] }
        let labels = try self.sql.query(
            "SELECT secret, label, version FROM labels WHERE secret IN (SELECT arn FROM secrets \(choice)) ORDER BY secret, ordinal",
            values
        )
        var pairs: [String: [(label: StagingLabel, version: VersionID)]] = [:]
        for row in labels {
            pairs[try row.text("secret"), default: []].append(try row.label())
        }
        return try rows.map { row in
            try SecretRecord(row, labels: VersionLabels(pairs[try row.text("arn")] ?? []))
        }
    }
}

extension StoreTransaction {
    /// - Throws: `StoreError.nameTaken`, also for the name of a secret that is scheduled for deletion; `StoreError.accountOwned`.
    package func insert(_ secret: SecretRecord) throws {
        try self.checkOwner(secret)
        let scope = secret.arn.scope
        let last = try self.sql.query(
            "SELECT COALESCE(MAX(sequence), 0) AS last FROM secrets WHERE account_id = ? AND region = ?",
            scope.account.description,
            scope.region.description
        )
        var columns = SQLColumnList([
            "arn": secret.arn,
            "account_id": scope.account.description,
            "region": scope.region.description,
            "name": secret.arn.name.description,
            "sequence": (try last.first?.integer("last") ?? 0) + 1,
            "revision": secret.revision,
            "created_at": secret.createdAt,
            "accessed_day": secret.accessedDay,
        ])
        columns.append(try secret.columns())
        guard try self.sql.insert(into: "secrets", columns, conflict: "ON CONFLICT (account_id, region, name) DO NOTHING") == 1 else {
            throw StoreError.nameTaken(secret.arn.name)
        }
        try self.insertLabels(of: secret)
    }

    /// Saves everything of the secret, labels and rotation included, and counts the revision up.
    ///
    /// The access day never goes back: `noteAccess` may have been later than the record.
    ///
    /// - Returns: The record as it is now, for a further update in the same transaction.
    /// - Throws: `StoreError.revisionConflict` if the stored revision differs from the record's; `StoreError.accountOwned`;
    ///   `StoreError.noSuchSecret`.
    @discardableResult
    package func update(_ secret: SecretRecord) throws -> SecretRecord {
        try self.checkOwner(secret)
        var columns = try secret.columns()
        columns.append("revision", secret.revision + 1)
        let changed = try self.sql.update("secrets", columns, where: "arn = ? AND revision = ?", secret.arn, secret.revision)
        guard changed == 1 else {
            let isThere = try !self.sql.query("SELECT 1 AS found FROM secrets WHERE arn = ?", secret.arn).isEmpty
            throw isThere ? StoreError.revisionConflict(secret.arn) : StoreError.noSuchSecret(secret.arn)
        }
        if let day = secret.accessedDay { try self.noteAccess(to: secret.arn, on: day) }
        try self.sql.execute("DELETE FROM labels WHERE secret = ?", secret.arn)
        try self.insertLabels(of: secret)
        var saved = secret
        saved.revision += 1
        return saved
    }

    /// Deletes the secret with its versions, runs and history. Audit records and alerts stay.
    ///
    /// - Throws: `StoreError.noSuchSecret`.
    package func delete(_ secret: SecretARN) throws {
        guard try self.sql.execute("DELETE FROM secrets WHERE arn = ?", secret) == 1 else {
            throw StoreError.noSuchSecret(secret)
        }
    }

    /// Sets the access day of a secret and a version without touching the revision or LastChangedDate.
    package func noteAccess(to version: VersionID, of secret: SecretARN, on day: Timestamp) throws {
        try self.noteAccess(to: secret, on: day)
        try self.sql.execute(
            "UPDATE versions SET accessed_day = ? WHERE secret = ? AND id = ? AND (accessed_day IS NULL OR accessed_day < ?)",
            day,
            secret,
            version,
            day
        )
    }

    private func noteAccess(to secret: SecretARN, on day: Timestamp) throws {
        try self.sql.execute(
            "UPDATE secrets SET accessed_day = ? WHERE arn = ? AND (accessed_day IS NULL OR accessed_day < ?)",
            day,
            secret,
            day
        )
    }

    private func insertLabels(of secret: SecretRecord) throws {
        for (ordinal, pair) in secret.labels.pairs.enumerated() {
            try self.sql.insert(
                into: "labels",
                SQLColumnList([
                    "secret": secret.arn, "label": pair.label.description, "version": pair.version, "ordinal": ordinal,
                ])
            )
        }
    }

    /// Asked before the write, because a statement that fails spoils the transaction; the unique index is the last word.
    private func checkOwner(_ secret: SecretRecord) throws {
        guard let rotation = secret.rotation, rotation.isEnabled, secret.deletedAt == nil,
            let target = rotation.target, let account = rotation.account,
            let owner = try self.owner(ofAccount: account, onTarget: target), owner != secret.arn
        else { return }
        throw StoreError.accountOwned(by: owner)
    }
}
