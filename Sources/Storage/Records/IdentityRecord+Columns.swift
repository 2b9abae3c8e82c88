import SecretModel

extension IdentityID {
    /// - Parameter name: The column of the name: tables that refer to an identity call it `identity`.
    func columns(name: String) -> SQLColumnList {
        SQLColumnList(["account_id": self.account.description, "kind": self.kind.rawValue, name: self.name])
    }

    init(_ row: SQLRow, name: String) throws(StoreError) {
        self.init(
            account: try row.required("account_id") { $0.text.flatMap(AccountID.init) },
            kind: try row.choice("kind"),
            name: try row.text(name)
        )
    }
}

extension IdentityRecord {
    func columns() throws(StoreError) -> SQLColumnList {
        var columns = self.id.columns(name: "name")
        columns.append([
            "unique_id": self.uniqueID,
            "created_at": self.createdAt,
            "tags": try StoredDocument.text(self.tags),
            "trust_policy": self.trustPolicy,
            "boundary": self.boundary,
            "longest_session": self.longestSession,
        ])
        return columns
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            id: try IdentityID(row, name: "name"),
            uniqueID: try row.text("unique_id"),
            createdAt: try row.time("created_at"),
            tags: try row.document("tags"),
            trustPolicy: try row.optionalText("trust_policy")
        )
        self.boundary = try row.optionalText("boundary")
        self.longestSession = try row.optionalInteger("longest_session").flatMap(Int.init(exactly:))
    }
}

extension PolicyRecord {
    var columns: SQLColumnList {
        SQLColumnList([
            "account_id": self.account.description,
            "name": self.name,
            "document": self.document,
            "created_at": self.createdAt,
            "changed_at": self.changedAt,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            account: try row.required("account_id") { $0.text.flatMap(AccountID.init) },
            name: try row.text("name"),
            document: try row.text("document"),
            createdAt: try row.time("created_at")
        )
        self.changedAt = try row.time("changed_at")
    }
}

extension IdentityPolicyRecord {
    init(_ row: SQLRow) throws(StoreError) {
        self.init(identity: try IdentityID(row, name: "identity"), name: try row.text("policy"), document: try row.optionalText("document"))
    }
}
