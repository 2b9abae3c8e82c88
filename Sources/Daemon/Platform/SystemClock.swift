import Glibc
package import SecretModel

/// Wall-clock time, for the composition root to hand in.
package enum SystemClock {
    package static func now() -> Timestamp {
        var time = timespec()
        // It cannot fail for CLOCK_REALTIME and a valid pointer.
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
