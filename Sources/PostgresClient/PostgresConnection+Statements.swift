import CPostgres
import Glibc

extension PostgresConnection {
    /// Runs one statement and waits for its whole answer.
    /// - Parameters:
    ///   - parameters: Values for `$1`, `$2`, …, sent apart from the statement.
    ///   - secrets: What must not appear in an error's message.
    /// - Throws: With `isOutcomeUnknown` when the statement was sent and no answer came. Without, and with nothing sent, when the server's own
    ///   limit would end the statement after the deadline only: it could then be carried out while somebody else is at work (I7).
    @discardableResult
    package func run(_ statement: String, _ parameters: [String?] = [], hiding secrets: [String] = []) throws(PostgresError)
        -> [PostgresRow]
    {
        try self.limits.check()
        guard self.limits.deadline - ContinuousClock.now >= self.statementLimit else {
            throw PostgresError(.timedOut, "too little time is left before the deadline to begin a statement")
        }
        guard !statement.utf8.contains(0), parameters.allSatisfy({ $0?.utf8.contains(0) != true }) else {
            throw PostgresError(.other, "a statement contains a NUL, at which libpq would cut it")
        }
        guard self.send(statement, parameters) == 1 else { throw self.connectionError() }
        do throws(PostgresError) {
            return try self.answer()
        } catch {
            throw error.scrubbed(of: self.secrets + secrets)
        }
    }

    /// Runs `body` between BEGIN and COMMIT. If it throws, nothing of it stays.
    package func transaction<Result>(_ body: () throws(PostgresError) -> Result) throws(PostgresError) -> Result {
        try self.run("BEGIN READ WRITE")
        let result = try body()
        // Without the COMMIT, closing the connection rolls back: no ROLLBACK is needed after an error.
        try self.run("COMMIT")
        return result
    }

    private func send(_ statement: String, _ parameters: [String?]) -> Int32 {
        let texts = parameters.map { $0.flatMap { strdup($0) } }
        defer { texts.forEach { free($0) } }
        let values = texts.map { UnsafePointer($0) }
        return PQsendQueryParams(self.handle, statement, Int32(values.count), nil, values, nil, nil, 0)
    }

    private func answer() throws(PostgresError) -> [PostgresRow] {
        var rows: [PostgresRow] = []
        var failure: PostgresError?
        while let result = try self.nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK: rows = Self.rows(result)
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
            default: failure = failure ?? self.failure(result)
            }
        }
        if let failure { throw failure }
        return rows
    }

    /// The next result of the statement under way, `nil` after the last.
    private func nextResult() throws(PostgresError) -> OpaquePointer? {
        do throws(PostgresError) {
            while true {
                let flushed = PQflush(self.handle)
                guard flushed >= 0 else { throw self.connectionError() }
                if flushed == 0, PQisBusy(self.handle) == 0 { return PQgetResult(self.handle) }
                try self.limits.wait(for: flushed == 0 ? POLLIN : POLLIN | POLLOUT, on: PQsocket(self.handle))
                guard PQconsumeInput(self.handle) == 1 else { throw self.connectionError() }
            }
        } catch {
            throw error.withUnknownOutcome()
        }
    }

    private func connectionError() -> PostgresError {
        let lines = String(cString: PQerrorMessage(self.handle)).split(whereSeparator: \.isNewline)
        return PostgresError(.unreachable, lines.first.map(String.init) ?? "the connection broke")
    }

    private func failure(_ result: OpaquePointer) -> PostgresError {
        func field(_ code: Character) -> String? {
            code.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
        }
        // 'C' is PG_DIAG_SQLSTATE, 'M' is PG_DIAG_MESSAGE_PRIMARY (libpq's postgres_ext.h). Detail and hint may quote values.
        guard let state = field("C") else { return self.connectionError().withUnknownOutcome() }
        let kind = PostgresError.Kind(statementSQLState: state)
        // A server that is stopped in the middle of a statement (57P01) rolls back, but a COMMIT may have been written before.
        return PostgresError(kind, field("M") ?? "no message", sqlState: state, isOutcomeUnknown: kind == .unreachable)
    }

    private static func rows(_ result: OpaquePointer) -> [PostgresRow] {
        let columns = (0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) }
        return (0..<PQntuples(result)).map { row in
            PostgresRow(
                columns: columns,
                values: (0..<Int32(columns.count)).map { column in
                    PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
                }
            )
        }
    }
}
