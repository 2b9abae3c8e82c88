import SecretModel
import Subprocess
import TestSupport

/// What `Scripts/rotate.py` saw after one rotation.
struct WitnessedRotation {
    let run: String
    let stages: [String]
    let username: String
    let password: String
    let next: Double
    let last: Double

    init(_ json: JSONValue) throws {
        func text(_ value: JSONValue?) throws -> String {
            guard let text = value?.stringValue else { throw FixtureError("not what rotate.py prints: \(json.text)") }
            return text
        }
        self.run = try text(json["run"])
        self.stages = json["stages"]?.arrayValue?.compactMap(\.stringValue) ?? []
        self.username = try text(json["value"]?["username"])
        self.password = try text(json["value"]?["password"])
        guard let next = json["next"]?.doubleValue, let last = json["last"]?.doubleValue else {
            throw FixtureError("rotate.py saw no dates")
        }
        self.next = next
        self.last = last
    }
}

extension JSONValue {
    var doubleValue: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }
}

extension PostgresServer {
    /// Logs in over TCP as a client would.
    /// - Returns: What `SELECT` answers, or `nil` if the login was refused.
    func login(_ user: String, _ password: String, _ select: String = "SELECT current_user", database: String = "postgres") async throws
        -> String?
    {
        do {
            return try await Tool.run(
                [
                    "psql", "-XqAt", "-h", "127.0.0.1", "-p", "\(self.port)", "-U", user, "-d", database, "-v", "ON_ERROR_STOP=1", "-c",
                    select,
                ],
                environment: ["PGPASSWORD": password, "PGCONNECT_TIMEOUT": "10"]
            ).replacing("\n", with: "")
        } catch let error as FixtureError where "\(error)".contains("password authentication failed") {
            return nil
        }
    }
}

extension MariaDBServer {
    /// Logs in over TCP as a client would.
    /// - Returns: What `SELECT` answers, or `nil` if the login was refused, or the account is locked.
    func login(_ user: String, _ password: String, _ select: String = "SELECT CURRENT_USER()") async throws -> String? {
        do {
            return try await Tool.run(
                ["mariadb", "--no-defaults", "-N", "-h", "127.0.0.1", "-P", "\(self.port)", "--protocol=tcp", "-u", user, "-e", select],
                environment: ["MYSQL_PWD": password]
            ).replacing("\n", with: "")
        } catch let error as FixtureError
            where ["Access denied for user", "this account is locked"].contains(where: { "\(error)".contains($0) })
        {
            return nil
        }
    }
}
