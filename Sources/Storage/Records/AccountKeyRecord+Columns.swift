import Encryption
import SecretModel

extension AccountKeyRecord {
    /// The columns that an update writes.
    func changingColumns() throws(StoreError) -> SQLColumnList {
        SQLColumnList([
            "description": self.description,
            "state": self.state.rawValue,
            "deletion_at": self.deletionAt,
            "policy": self.policy,
            "tags": try StoredDocument.text(self.tags),
            "rotation_period": self.rotation?.period,
            "next_rotation_at": self.rotation?.nextAt,
            "generation": self.generation,
        ])
    }

    func columns() throws(StoreError) -> SQLColumnList {
        var columns = SQLColumnList([
            "id": self.id.description,
            "account_id": self.scope.account.description,
            "region": self.scope.region.description,
            "manager": self.manager.rawValue,
            "created_at": self.createdAt,
        ])
        columns.append(try self.changingColumns())
        return columns
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            id: KeyID(try row.text("id")),
            scope: try row.scope(),
            manager: try row.choice("manager"),
            description: try row.text("description"),
            policy: try row.text("policy"),
            tags: try row.document("tags"),
            createdAt: try row.time("created_at")
        )
        self.state = try row.choice("state")
        self.deletionAt = try row.optionalTime("deletion_at")
        self.generation = try row.count("generation")
        if let period = try row.optionalInteger("rotation_period"), let next = try row.optionalTime("next_rotation_at") {
            self.rotation = Rotation(period: Int(period), nextAt: next)
        }
    }
}

extension KeyMaterialRecord {
    var columns: SQLColumnList {
        SQLColumnList([
            "key_id": self.material.key.description,
            "generation": self.material.generation,
            "wrapped": self.material.wrapped,
            "created_at": self.createdAt,
            "origin": self.origin.rawValue,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            material: KeyMaterial(
                key: KeyID(try row.text("key_id")),
                generation: try row.count("generation"),
                wrapped: try row.bytes("wrapped")
            ),
            createdAt: try row.time("created_at"),
            origin: try row.choice("origin")
        )
    }
}

extension KeyAliasRecord {
    var columns: SQLColumnList {
        SQLColumnList([
            "account_id": self.scope.account.description,
            "region": self.scope.region.description,
            "name": self.name,
            "key_id": self.key.description,
            "created_at": self.createdAt,
            "changed_at": self.changedAt,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            name: try row.text("name"),
            scope: try row.scope(),
            key: KeyID(try row.text("key_id")),
            createdAt: try row.time("created_at")
        )
        self.changedAt = try row.time("changed_at")
    }
}
