import Glibc

/// Tells a file from what was there before. A file that is not there has a stamp too.
struct FileStamp: Hashable, Sendable {
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    init(_ path: String) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        self.inode = isThere ? UInt64(status.st_ino) : 0
        self.size = isThere ? Int64(status.st_size) : -1
        self.seconds = isThere ? status.st_mtim.tv_sec : 0
        self.nanoseconds = isThere ? status.st_mtim.tv_nsec : 0
    }
}
