import SecretModel

extension AuditRecord {
    var columns: SQLColumnList {
        SQLColumnList([
            "id": self.id,
            "recorded_at": self.at,
            "account_id": self.scope.account.description,
            "region": self.scope.region.description,
            "actor": self.actor,
            "event": self.event,
            "secret": self.secret,
            "request_id": self.requestID,
            "error_code": self.errorCode,
            "details": self.details,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            id: try row.text("id"),
            at: try row.time("recorded_at"),
            scope: try row.scope(),
            actor: try row.text("actor"),
            event: try row.text("event"),
            secret: try row.optional("secret") { $0.text.flatMap(SecretARN.init) },
            requestID: try row.text("request_id"),
            errorCode: try row.optionalText("error_code"),
            details: try row.json("details")
        )
    }
}
