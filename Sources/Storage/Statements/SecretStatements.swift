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
        guard let row = try self.sql.query("SELECT * FROM secrets \(choice.condition)", choice.parameters).first else { return nil }
        return try SecretRecord(row, labels: try self.labels(of: try row.text("arn")))
    }

    /// The same, but no more of the secret than a reader of its value needs.
    package func head(matching reference: SecretReference, in scope: SecretScope) throws -> SecretHead? {
        let choice = Self.choice(of: reference, in: scope)
        let rows = try self.sql.query(
            """
            SELECT arn, kms_key, accessed_day, deleted_at, purge_at, replicas, primary_region, resource_policy, lambda_arn, tags, label, version
            FROM secrets LEFT JOIN labels ON labels.secret = secrets.arn \(choice.condition) ORDER BY ordinal
            """,
            choice.parameters
        )
        guard let row = rows.first else { return nil }
        // A secret without labels is one row without a label.
        let labels = try row.optionalText("label") == nil ? [] : rows.map { try $0.label() }
        return SecretHead(
            arn: try row.arn("arn"),
            kmsKeyID: try row.optionalText("kms_key"),
            labels: VersionLabels(labels),
            accessedDay: try row.optionalTime("accessed_day"),
            deletedAt: try row.optionalTime("deleted_at"),
            purgeAt: try row.optionalTime("purge_at"),
            hasReplicas: try row.optionalText("replicas") != nil,
            replicaOf: try row.optional("primary_region") { $0.text.flatMap(RegionName.init) },
            resourcePolicy: try row.optionalText("resource_policy"),
            lambdaARN: try row.optionalText("lambda_arn"),
            tagsDocument: try row.optionalText("tags")
        )
    }

    /// The same of a secret that must be there.
    ///
    /// - Throws: `StoreError.noSuchSecret`.
    package func head(of secret: SecretARN) throws -> SecretHead {
        guard let head = try self.head(matching: .arn(secret), in: secret.scope) else { throw StoreError.noSuchSecret(secret) }
        return head
    }

    fileprivate func labels(of secret: String) throws -> VersionLabels {
        let rows = try self.sql.query("SELECT label, version FROM labels WHERE secret = ? ORDER BY ordinal", secret)
        return VersionLabels(try rows.map { try $0.label() })
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
        var columns = SQLColumnList([
            "arn": secret.arn,
            "account_id": scope.account.description,
            "region": scope.region.description,
            "name": secret.arn.name.description,
            "revision": secret.revision,
            "created_at": secret.createdAt,
            "accessed_day": secret.accessedDay,
        ])
        columns.append(try secret.columns())
        let inserted = try self.sql.append(
            to: "secrets",
            columns,
            conflict: "ON CONFLICT (account_id, region, name) DO NOTHING",
            behind: "secrets WHERE account_id = ? AND region = ?",
            scope.account.description,
            scope.region.description
        )
        guard inserted == 1 else { throw StoreError.nameTaken(secret.arn.name) }
        try self.save(secret.labels, of: secret.arn, insteadOf: VersionLabels())
    }

    /// Saves everything of the secret, labels and rotation included, and counts the revision up.
    ///
    /// The access day never goes back: `noteAccess` may have been later than the record.
    ///
    /// - Parameter old: The record as it was read, to write only what differs: most changes are of a date or a label.
    /// - Returns: The record as it is now, for a further update in the same transaction.
    /// - Throws: `StoreError.revisionConflict` if the stored revision differs from the record's; `StoreError.accountOwned`;
    ///   `StoreError.noSuchSecret`.
    @discardableResult
    package func update(_ secret: SecretRecord, from old: SecretRecord? = nil) throws -> SecretRecord {
        if secret.hasOtherRotation(than: old) || secret.deletedAt != old?.deletedAt { try self.checkOwner(secret) }
        var columns = try secret.columns(changedFrom: old)
        columns.append("revision", secret.revision + 1)
        let changed = try self.sql.update("secrets", columns, where: "arn = ? AND revision = ?", secret.arn, secret.revision)
        guard changed == 1 else {
            let isThere = try !self.sql.query("SELECT 1 AS found FROM secrets WHERE arn = ?", secret.arn).isEmpty
            throw isThere ? StoreError.revisionConflict(secret.arn) : StoreError.noSuchSecret(secret.arn)
        }
        if let day = secret.accessedDay, day != old?.accessedDay { try self.noteAccess(to: secret.arn, on: day) }
        try self.save(secret.labels, of: secret.arn, insteadOf: try old?.labels ?? self.labels(of: secret.arn.description))
        var saved = secret
        saved.revision += 1
        return saved
    }

    /// Sets when the secret was changed last, because one of its versions was, and counts the revision up.
    ///
    /// - Throws: `StoreError.noSuchSecret`.
    package func noteChange(of secret: SecretARN, at now: Timestamp) throws {
        guard try self.sql.execute("UPDATE secrets SET changed_at = ?, revision = revision + 1 WHERE arn = ?", now, secret) == 1 else {
            throw StoreError.noSuchSecret(secret)
        }
    }

    /// Deletes the secret with its versions, runs and history. Audit records and alerts stay, and a hold of the account at which a run of
    /// it was at work: who owns the account next waits for that (I7).
    ///
    /// - Throws: `StoreError.noSuchSecret`.
    package func delete(_ secret: SecretARN) throws {
        try self.keepHolds(where: "secret = ?", [secret.sqlValue])
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

    /// - Parameter old: The labels as they are in the store.
    private func save(_ labels: VersionLabels, of secret: SecretARN, insteadOf old: VersionLabels) throws {
        let known = old.pairs
        for pair in known where labels.holder(of: pair.label) == nil {
            try self.sql.execute("DELETE FROM labels WHERE secret = ? AND label = ?", secret, pair.label.description)
        }
        for (ordinal, pair) in labels.pairs.enumerated() where ordinal >= known.count || known[ordinal] != pair {
            try self.sql.insert(
                into: "labels",
                SQLColumnList(["secret": secret, "label": pair.label.description, "version": pair.version, "ordinal": ordinal]),
                conflict: "ON CONFLICT (secret, label) DO UPDATE SET version = excluded.version, ordinal = excluded.ordinal"
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
