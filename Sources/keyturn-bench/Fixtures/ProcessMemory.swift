import TestSupport

/// What a process holds in memory, by the kernel's own count (proc(5), `/proc/PID/status`), in megabytes of 1,000,000 bytes.
struct ProcessMemory: Codable, Sendable {
    /// Now.
    let resident: Double
    /// The most that it ever was.
    let peak: Double

    /// - Parameter process: Its id, or `self`.
    init(of process: String) throws {
        let lines = try readFile("/proc/\(process)/status").split(separator: "\n")
        func megabytes(_ name: String) throws -> Double {
            let words = lines.first { $0.hasPrefix("\(name):") }?.split(whereSeparator: \.isWhitespace)
            guard let words, words.count == 3, words[2] == "kB", let kibibytes = Double(words[1]) else {
                throw FixtureError("the kernel does not tell \(name) of process \(process)")
            }
            return kibibytes * 1_024 / 1_000_000
        }
        self.resident = try megabytes("VmRSS")
        self.peak = try megabytes("VmHWM")
    }
}
