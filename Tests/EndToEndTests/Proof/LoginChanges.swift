import Foundation
import SecretModel
import TestSupport

/// When a server changed an account's password, by the server's own clock, which on this machine is ours too.
enum LoginChanges {
    /// A server whose log tells the time of each statement to the millisecond or better.
    static func server(_ engine: String) async throws -> LoginTarget.Server {
        switch engine {
        case "postgres": .postgres(try await PostgresServer.start(settings: ["log_line_prefix = '%n %p '", "log_duration = on"]))
        default: .mariadb(try await MariaDBServer.start(settings: ["--log-output=TABLE"]))
        }
    }

    /// The changes of the account's password, in seconds since 1970, in order. PostgreSQL's are those at which the statement had been
    /// executed, MariaDB's those at which it had been read.
    static func times(of target: LoginTarget) async throws -> [Double] {
        switch target.server {
        case .postgres(let server):
            let lines = try server.log().split(separator: "\n")
            return lines.indices.compactMap { index in
                guard lines[index].contains("ALTER ROLE \"\(target.user)\" PASSWORD"), let process = Self.words(lines[index]).last else {
                    return nil
                }
                let end = lines[(index + 1)...].first { $0.contains(" duration: ") && Self.words($0).last == process }
                return end.flatMap { Self.words($0).first }.flatMap { Double($0) }
            }
        case .mariadb(let server):
            let rows = try await server.sql(
                """
                SELECT UNIX_TIMESTAMP(event_time) FROM mysql.general_log
                WHERE argument LIKE 'SET STATEMENT % FOR SET PASSWORD = \\'*%' ORDER BY event_time
                """
            )
            return rows.split(separator: "\n").compactMap { Double($0) }
        }
    }

    /// When the daemon had the new value's AWSCURRENT on disk, in seconds since 1970, in order: as its log says, a moment later.
    static func promotions(by daemon: DaemonProcess) throws -> [Double] {
        try daemon.process.log().split(separator: "\n").compactMap { line in
            guard line.contains(#""message":"rotated""#), let time = try JSONValue(parsing: Array(line.utf8))["time"]?.stringValue
            else { return nil }
            return Timestamp(rfc3339: time).map { Double($0.microseconds) / 1_000_000 }
        }
    }

    /// The time and the process at the beginning of a line of PostgreSQL's log.
    private static func words(_ line: Substring) -> [Substring] { Array(line.split(separator: " ").prefix(2)) }
}
