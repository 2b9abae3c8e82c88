import CMariaDB
import SecretModel

/// One conversation with a MariaDB or MySQL server: one thread's, closed when it goes out of scope.
///
/// It lives in the closure of ``MariaDBClient/withConnection(_:deadline:_:)`` and cannot leave it. The protocol is the text protocol: MariaDB does not
/// take account statements in the prepared one on all versions (`lessons.md` F4). Every wait ends at the deadline (I10): the library's
/// non-blocking calls with `poll(2)`. Only the look-up of a host name is up to the system's resolver.
package struct MariaDBConnection: ~Copyable {
    let handle: UnsafeMutablePointer<MYSQL>
    let deadline: ContinuousClock.Instant
    let scrubber: MessageScrubber

    init(handle: UnsafeMutablePointer<MYSQL>, deadline: ContinuousClock.Instant, scrubber: MessageScrubber) {
        self.handle = handle
        self.deadline = deadline
        self.scrubber = scrubber
    }

    deinit {
        mysql_close(self.handle)
    }

    /// Logs in and runs the body on the calling thread: for a second conversation in the middle of one.
    ///
    /// - Throws: ``MariaDBError`` from the login, or what the body throws.
    package func alongside<Result>(_ login: MariaDBLogin, _ body: (borrowing MariaDBConnection) throws -> Result) throws -> Result {
        try body(Self.open(login, deadline: self.deadline))
    }
}
