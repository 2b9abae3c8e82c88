import GRDB

/// Writes that share one transaction, and so one sync of the disk.
struct WriteGroup {
    let writes: [WaitingWrite]

    /// Runs every body in a savepoint of its own, so that one that throws undoes only what it did itself; commits; and only then tells
    /// the callers. If the transaction is lost, nothing of the group is seen again by this process, and every caller is told of that alone:
    /// also a body that threw may have looked at what another one had written. Where only the sync failed and the process dies before the
    /// next write, recovery may still find the group: its callers were told of doubt, not of a roll-back (I4).
    func commit(on database: Database) {
        var results: [Result<@Sendable () -> Void, any Error>] = []
        let lost = StoreError.outcome {
            try database.inTransaction(.immediate) {
                for write in self.writes {
                    let result = self.perform(write, on: database)
                    results.append(result)
                    if case .failure(let cause) = result { try Self.checkTransaction(of: database, after: cause) }
                }
                return .commit
            }
        }.failure
        if let lost {
            for write in self.writes { write.fail(lost) }
            return
        }
        for (write, result) in zip(self.writes, results) {
            switch result {
            case .failure(let cause): write.fail(cause)
            case .success(let tell): tell()
            }
        }
    }

    private func perform(_ write: WaitingWrite, on database: Database) -> Result<@Sendable () -> Void, any Error> {
        let connection = SQLiteConnection(database: database)
        return StoreError.outcome { try connection.savepoint { try write.perform(connection) } }
    }

    /// On a full disk and input/output errors SQLite may end the whole transaction by itself; what would follow were transactions of
    /// their own.
    private static func checkTransaction(of database: Database, after cause: any Error) throws {
        guard !database.isInsideTransaction else { return }
        throw cause as? StoreError ?? StoreError.failed("SQLite ended the transaction that the write shared with others")
    }
}

extension Result {
    fileprivate var failure: Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
