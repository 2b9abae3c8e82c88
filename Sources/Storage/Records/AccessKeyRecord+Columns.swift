import Encryption
import SecretModel

extension AccessKeyRecord {
    var columns: SQLColumnList {
        var columns = SQLColumnList([
            "id": self.id,
            "account_id": self.account.description,
            "user_name": self.user,
            "created_at": self.createdAt,
            "is_active": self.isActive,
        ])
        columns.append(sealed: self.secret, as: "secret")
        return columns
    }

    init(_ row: SQLRow) throws(StoreError) {
        guard let secret = try row.sealed("secret") else { throw StoreError.failed("the store is damaged: an access key is empty") }
        self.init(
            id: try row.text("id"),
            account: try row.required("account_id") { $0.text.flatMap(AccountID.init) },
            user: try row.text("user_name"),
            secret: secret,
            createdAt: try row.time("created_at")
        )
        self.isActive = try row.flag("is_active")
    }
}

extension KeyRecord {
    var columns: SQLColumnList {
        SQLColumnList([
            "id": self.id.description,
            "wrapped": self.wrapped,
            "created_at": self.createdAt,
            "is_default": self.isDefault,
        ])
    }

    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            id: KeyID(try row.text("id")),
            wrapped: try row.bytes("wrapped"),
            createdAt: try row.time("created_at"),
            isDefault: try row.flag("is_default")
        )
    }
}
