import Encryption
import SecretModel

extension AuditRecord {
    var columns: SQLColumnList {
        SQLColumnList([
            "sequence": self.sequence,
            "id": self.event.id,
            "recorded_at": self.event.at,
            "account_id": self.event.scope.account.description,
            "region": self.event.scope.region.description,
            "event_source": self.event.source,
            "event_name": self.event.name,
            "read_only": self.event.isReadOnly,
            "user_name": self.event.userName,
            "access_key": self.event.accessKeyID,
            "resource": self.event.resource,
            "error_code": self.event.errorCode,
            "record": self.event.text,
            "previous_hash": self.previousHash,
            "hash": self.hash,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        let event = AuditEvent(
            id: try row.text("id"),
            at: try row.time("recorded_at"),
            scope: try row.scope(),
            source: try row.text("event_source"),
            name: try row.text("event_name"),
            isReadOnly: try row.flag("read_only"),
            userName: try row.optionalText("user_name"),
            accessKeyID: try row.optionalText("access_key"),
            resource: try row.optionalText("resource"),
            errorCode: try row.optionalText("error_code"),
            text: try row.text("record")
        )
        self.init(
            sequence: try row.integer("sequence"),
            event: event,
            previousHash: try row.bytes("previous_hash"),
            hash: try row.bytes("hash")
        )
    }
}

extension AuditHead {
    var columns: SQLColumnList {
        SQLColumnList([
            "first_sequence": self.first,
            "anchor": self.anchor,
            "started_at": self.startedAt,
            "last_sequence": self.last,
            "hash": self.hash,
            "damage": self.damage,
            "seal_key": self.seal.key.description,
            "seal": self.seal.code,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            first: try row.integer("first_sequence"),
            anchor: try row.bytes("anchor"),
            startedAt: try row.time("started_at"),
            last: try row.integer("last_sequence"),
            hash: try row.bytes("hash"),
            damage: try row.optionalText("damage"),
            seal: Seal(key: try row.required("seal_key") { $0.text.flatMap(KeyID.init) }, code: try row.bytes("seal"))
        )
    }
}
