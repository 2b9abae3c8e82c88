import NIOPosix

/// The threads on which libmariadb waits: bounded, and never those of Swift's cooperative pool.
enum MariaDBThreads {
    /// As many conversations with MariaDB servers as run at the same time; more wait in line, and a long wait looks like a silent server.
    private static let count = 64

    static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: MariaDBThreads.count)
        pool.start()
        return pool
    }()
}
