import Glibc

/// The words of the C library for a failed system call.
enum SystemErrorText {
    static var last: String { Self.text(for: errno) }

    static func text(for code: Int32) -> String { String(cString: strerror(code)) }
}
