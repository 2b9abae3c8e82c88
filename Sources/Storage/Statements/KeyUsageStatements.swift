package import Encryption
package import SecretModel

extension ReadableStore {
    /// The secrets, of whatever account, that cannot be read without a KMS key: a label of theirs stands on a value that is under it. Those
    /// that are scheduled for deletion are left out, and so are those that name no key any more, of which only labels of their owners' own
    /// making can stand on such values.
    ///
    /// - Parameter limit: So many of them are named, in an order that stays; all are counted.
    package func secrets(under key: KeyID, naming limit: Int) throws -> (count: Int, first: [SecretARN]) {
        let source = """
            FROM secrets s WHERE s.kms_key > '' AND s.deleted_at IS NULL AND EXISTS (
                SELECT 1 FROM labels l JOIN versions v ON v.secret = l.secret AND v.id = l.version
                WHERE l.secret = s.arn AND v.value_key = ?
            )
            """
        let count = try self.sql.query("SELECT COUNT(*) AS secrets \(source)", key.description).first?.count("secrets") ?? 0
        let first = try self.sql.query("SELECT s.arn \(source) ORDER BY s.kms_key, s.arn LIMIT ?", key.description, limit)
            .compactMap { SecretARN(try $0.text("arn")) }
        return (count, first)
    }
}
