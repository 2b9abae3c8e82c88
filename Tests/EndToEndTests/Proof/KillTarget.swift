import SecretModel
import TestSupport

/// A real database server, seen directly, as the proof's witness: never through the proxy.
protocol KillTarget: Sendable {
    var engine: String { get }
    var port: Int { get }
    var wire: WireProtocol { get }

    /// Makes the accounts `user`, with rights that a twin must get too, and `USER_admin`, and something for `user` to work on.
    func makeAccounts(_ user: String) async throws

    /// Whether a login works that then does what only the rights of `user` allow.
    func works(_ account: String, _ password: String, for user: String) async throws -> Bool

    /// All rights and attributes of `user` and its twin but for passwords, the same text for the same rights of any user.
    func rights(of user: String) async throws -> String
}

struct PostgresKillTarget: KillTarget {
    let server: PostgresServer
    let engine = "postgres"
    let wire = WireProtocol.postgres
    var port: Int { self.server.port }

    func makeAccounts(_ user: String) async throws {
        try await self.server.sql(
            """
            CREATE ROLE \(user)_admin LOGIN CREATEROLE PASSWORD 'admin-password';
            CREATE ROLE \(user)_readers NOLOGIN;
            CREATE ROLE \(user) LOGIN CONNECTION LIMIT 7 PASSWORD 'at-first';
            ALTER ROLE \(user) SET statement_timeout = '50s';
            CREATE TABLE \(user)_table (id int); GRANT SELECT ON \(user)_table TO \(user)_readers;
            GRANT INSERT ON \(user)_table TO \(user); GRANT \(user)_readers TO \(user);
            """
        )
    }

    func works(_ account: String, _ password: String, for user: String) async throws -> Bool {
        let insertion = "INSERT INTO \(user)_table VALUES (7); SELECT max(id) FROM \(user)_table"
        guard let answer = try await self.server.login(account, password, insertion) else { return false }
        return answer == "7"
    }

    func rights(of user: String) async throws -> String {
        let ours = "IN ('\(user)', '\(user)_clone')"
        return try await self.server.sql(
            """
            SELECT line FROM (
                SELECT format('role %s %s%s%s%s%s%s%s %s %s', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
                    rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil) FROM pg_roles WHERE rolname \(ours)
                UNION ALL SELECT format('member %s of %s %s', m.rolname, r.rolname, a.admin_option) FROM pg_auth_members a
                    JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE m.rolname \(ours) OR r.rolname \(ours)
                UNION ALL SELECT format('setting %s %s', rolname, setconfig) FROM pg_db_role_setting JOIN pg_roles ON oid = setrole
                    WHERE rolname \(ours)
                UNION ALL SELECT format('table %s %s', pg_get_userbyid(relowner), relacl) FROM pg_class WHERE relname = '\(user)_table'
            ) lines (line) ORDER BY line
            """
        ).replacing(user, with: "USER")
    }
}

struct MariaDBKillTarget: KillTarget {
    let server: MariaDBServer
    let engine = "mariadb"
    let wire = WireProtocol.mariadb
    var port: Int { self.server.port }

    func makeAccounts(_ user: String) async throws {
        try await self.server.sql(
            """
            CREATE DATABASE \(user); CREATE TABLE \(user).t (id int, note text);
            CREATE USER \(user)@'%' IDENTIFIED BY 'at-first' WITH MAX_USER_CONNECTIONS 7;
            GRANT SELECT, INSERT ON \(user).* TO \(user)@'%'; GRANT UPDATE (note) ON \(user).t TO \(user)@'%' WITH GRANT OPTION;
            CREATE USER \(user)_admin@'%' IDENTIFIED BY 'admin-password'; GRANT ALL PRIVILEGES ON *.* TO \(user)_admin@'%' WITH GRANT OPTION;
            """
        )
    }

    func works(_ account: String, _ password: String, for user: String) async throws -> Bool {
        let insertion = "INSERT INTO \(user).t VALUES (7, ''); UPDATE \(user).t SET note = 'seen'; SELECT max(id) FROM \(user).t"
        return try await self.server.login(account, password, insertion) == "7"
    }

    func rights(of user: String) async throws -> String {
        let ours = "WHERE User IN ('\(user)', '\(user)_clone')"
        // Of the ways to log in only their number counts: they hold the passwords.
        return try await self.server.sql(
            """
            SELECT CONCAT_WS(' ', 'account', User, Host, JSON_LENGTH(Priv, '$.auth_or'),
                JSON_REMOVE(Priv, '$.authentication_string', '$.auth_or', '$.password_last_changed')) FROM mysql.global_priv \(ours)
            UNION ALL SELECT CONCAT_WS(' ', 'database', User, Host, Db, Select_priv, Insert_priv, Update_priv, Delete_priv, Create_priv,
                Drop_priv, Grant_priv) FROM mysql.db \(ours)
            UNION ALL SELECT CONCAT_WS(' ', 'table', User, Host, Db, Table_name, Table_priv, Column_priv) FROM mysql.tables_priv \(ours)
            UNION ALL SELECT CONCAT_WS(' ', 'column', User, Host, Db, Table_name, Column_name, Column_priv) FROM mysql.columns_priv \(ours)
            ORDER BY 1
            """
        ).replacing(user, with: "USER")
    }
}
