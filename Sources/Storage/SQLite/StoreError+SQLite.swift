import GRDB

extension StoreError {
    /// Words for an error of SQLite. Statement and arguments are left out: arguments hold what people stored.
    init(sqlite error: any Error) {
        switch error {
        case let error as StoreError:
            self = error
        case let error as DatabaseError:
            switch error.extendedResultCode {
            case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE:
                self = .outOfSpace
            case let code:
                self = .failed("SQLite error \(code.rawValue): \(error.message ?? "no text")")
            }
        default:
            self = .failed("SQLite: \(error)")
        }
    }
}
