import Glibc
import NIOConcurrencyHelpers

/// An exclusive lock on a file of its own beside the store, so that two daemons never share one embedded store. The kernel frees it
/// when the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: NIOLockedValueBox<CInt?>

    /// - Throws: `StoreError.inUse(path: store)` if another process, or another opening in this one, holds the lock.
    init(path: String, for store: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError.cannot("open the lock file", path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            Glibc.close(descriptor)
            throw cause == EWOULDBLOCK ? StoreError.inUse(path: store) : StoreError.cannot("lock", path, cause)
        }
        self.descriptor = NIOLockedValueBox(descriptor)
    }

    /// The file stays: removing it would let two processes lock two files of one name.
    func release() {
        self.descriptor.withLockedValue { held in
            if let descriptor = held {
                // A child between fork and exec shares the lock: closing our end alone would leave it with the child for a moment.
                flock(descriptor, LOCK_UN)
                Glibc.close(descriptor)
            }
            held = nil
        }
    }

    deinit {
        self.release()
    }
}
