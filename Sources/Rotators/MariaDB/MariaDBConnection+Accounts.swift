import MariaDBClient
import RotationModel
import SecretModel

extension MariaDBConnection {
    /// The row of the account table that this login matched.
    func currentAccount() throws -> AccountName {
        guard let text = try self.query("SELECT CURRENT_USER()").first?.first ?? nil, let name = AccountName(currentUser: text) else {
            throw RotationFailure(.protocolError, "the server does not say who is logged in")
        }
        return name
    }

    /// Every `user@host` of one user, by host. Needs SELECT on `mysql.global_priv`.
    func accountRows(of user: String) throws -> [AccountRow] {
        let rows = try self.query("SELECT Host, Priv FROM mysql.global_priv WHERE User = \(self.literal(user)) ORDER BY Host")
        return try rows.compactMap { row in
            guard row.count == 2, let host = row[0], let text = row[1] else {
                throw RotationFailure(.protocolError, "mysql.global_priv has a row without a host or without its JSON")
            }
            do throws(JSONSyntaxError) {
                return AccountRow(name: AccountName(user: user, host: host), json: try JSONValue(parsing: text))
            } catch {
                throw RotationFailure(.protocolError, "mysql.global_priv has a row for \(user)@\(host) that is not JSON: \(error.reason)")
            }
        }
    }

    /// All rights of an account. Needs SELECT on the `mysql` database, unless it is the account that is logged in.
    func rights(of account: AccountName) throws -> Set<Right> {
        let lines = try self.query("SHOW GRANTS FOR \(account.sql)").compactMap { $0.first ?? nil }
        return try Self.rights(inLines: lines.map(GrantToken.tokens), account: account)
    }

    /// - Parameters:
    ///   - lines: Their pieces; `nil` for one that could not be split.
    ///   - account: For the message; `nil` for the account that is logged in.
    static func rights(inLines lines: [[GrantToken]?], account: AccountName?) throws(RotationFailure) -> Set<Right> {
        var rights: Set<Right> = []
        for line in lines {
            do throws(GrantParser.Unreadable) {
                rights.formUnion(try GrantParser.rights(in: line))
            } catch {
                throw RotationFailure(
                    .unsupported,
                    "a line of SHOW GRANTS for \(account?.description ?? "the account") has a form that Keyturn does not know"
                )
            }
        }
        return rights
    }
}
