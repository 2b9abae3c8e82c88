import Foundation

/// What a person who waits may read: lines on standard error.
enum Progress {
    static func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
