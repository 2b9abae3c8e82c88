import GRDB
import Glibc

extension StoreError {
    /// Words for an error of SQLite. Statement and arguments are left out: arguments hold what people stored.
    init(sqlite error: any Error) {
        switch error {
        case let error as StoreError:
            self = error
        case let error as DatabaseError:
            let text = error.message ?? "no text"
            switch (error.resultCode, error.extendedResultCode) {
            case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_SHMSIZE): self = .outOfSpace
            case (.SQLITE_CORRUPT, _), (.SQLITE_NOTADB, _): self = .failed("the store is damaged: \(text); restore it from a backup")
            case (.SQLITE_BUSY, let code), (.SQLITE_LOCKED, let code), (.SQLITE_IOERR, let code), (.SQLITE_NOMEM, let code),
                (.SQLITE_READONLY, let code), (.SQLITE_CANTOPEN, let code), (.SQLITE_PROTOCOL, let code):
                self = .unusable("SQLite error \(code.rawValue): \(text)")
            case (_, let code): self = .failed("SQLite error \(code.rawValue): \(text)")
            }
        default:
            self = .failed("SQLite: \(error)")
        }
    }

    /// What came of work on the database: GRDB's own errors (commit, snapshot) become the store's; those of a body pass.
    static func outcome<Success>(_ work: () throws -> Success) -> Result<Success, any Error> {
        do {
            return .success(try work())
        } catch let error as DatabaseError {
            return .failure(StoreError(sqlite: error))
        } catch {
            return .failure(error)
        }
    }
}

extension StoreError {
    /// What the operating system refused.
    ///
    /// - Parameter code: The `errno` of the call.
    static func cannot(_ action: String, _ path: String, _ code: CInt) -> StoreError {
        guard code != ENOSPC, code != EDQUOT else { return .outOfSpace }
        return .failed("cannot \(action) \(path): \(String(cString: strerror(code)))")
    }
}
