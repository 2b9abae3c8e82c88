import Glibc
import TestSupport

/// Processor time of a process by the kernel's count (proc(5), `/proc/PID/stat`): unlike elapsed time it hardly depends on what else the
/// machine does.
enum ProcessTime {
    /// User and system time of all its threads since its start, in steps of 10 ms.
    static func used(by process: String) throws -> Duration {
        // The second field, the program's name in parentheses, may hold blanks.
        let fields = try readFile("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ")
        guard let fields, fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            throw FixtureError("the kernel does not tell the processor time of process \(process)")
        }
        return .seconds(1) * (user + system) / sysconf(Int32(_SC_CLK_TCK))
    }
}
