import CMariaDB

extension MariaDBError {
    /// ER_STATEMENT_TIMEOUT: the server itself ended the statement.
    package static let statementLimitReached: UInt32 = 1969
}

extension MariaDBConnection {
    /// How long a server may work on one statement at most.
    private static let greatestLimit = Duration.seconds(20)

    /// The statement with a limit after which the server ends it by itself, before our deadline: one that waits for a lock would else be
    /// carried out whenever the lock is gone, long after we are (I7).
    ///
    /// `max_statement_time` and not `lock_wait_timeout`, which account statements ignore: MariaDB opens their tables with
    /// `MYSQL_LOCK_IGNORE_TIMEOUT`. The limit travels with the statement and so costs no round trip, and what the account itself has
    /// (`MAX_STATEMENT_TIME`) does not hold. MySQL has nothing like it: its `max_execution_time` ends SELECT only.
    func limited(_ statement: String) throws(MariaDBError) -> String {
        guard mariadb_connection(self.handle) != 0 else { return statement }
        // The answer needs a while for its way.
        let limit = min((self.deadline - ContinuousClock.now) * 9 / 10, Self.greatestLimit)
        let microseconds = limit / .microseconds(1)
        // 0 is no limit.
        guard microseconds >= 1 else { throw MariaDBError(.timeout, "the deadline passed before a statement was sent") }
        return "SET STATEMENT max_statement_time=\(Int64(microseconds))e-6 FOR \(statement)"
    }
}
