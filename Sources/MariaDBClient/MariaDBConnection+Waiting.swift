import CMariaDB
import Glibc

extension MariaDBConnection {
    /// Carries one non-blocking call of the library to its end.
    ///
    /// - Parameter next: Continues the call with the events that occurred, and returns what it waits for now.
    /// - Returns: `false` if the deadline passed first; the connection is then good for nothing but closing.
    func wait(_ first: Int32, next: (Int32) -> Int32) -> Bool {
        var status = first
        while status != 0 {
            let left = self.deadline - ContinuousClock.now
            guard left > .zero else { return false }
            let (seconds, attoseconds) = left.components
            var milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
            var isLibraryTimeout = false
            if status & MYSQL_WAIT_TIMEOUT != 0 {
                let wanted = Int32(clamping: mysql_get_timeout_value_ms(self.handle))
                isLibraryTimeout = wanted < milliseconds
                milliseconds = min(milliseconds, wanted)
            }
            var descriptor = pollfd(fd: mysql_get_socket(self.handle), events: 0, revents: 0)
            if status & MYSQL_WAIT_READ != 0 { descriptor.events |= Int16(POLLIN) }
            if status & MYSQL_WAIT_WRITE != 0 { descriptor.events |= Int16(POLLOUT) }
            if status & MYSQL_WAIT_EXCEPT != 0 { descriptor.events |= Int16(POLLPRI) }
            switch poll(&descriptor, 1, milliseconds) {
            case 0: if isLibraryTimeout { status = next(MYSQL_WAIT_TIMEOUT) }
            case -1: if errno != EINTR { return false }
            default:
                var ready: Int32 = 0
                if descriptor.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { ready |= MYSQL_WAIT_READ }
                if descriptor.revents & Int16(POLLOUT | POLLERR) != 0 { ready |= MYSQL_WAIT_WRITE }
                if descriptor.revents & Int16(POLLPRI) != 0 { ready |= MYSQL_WAIT_EXCEPT }
                status = next(ready & status == 0 ? status & ~MYSQL_WAIT_TIMEOUT : ready & status)
            }
        }
        return true
    }
}
