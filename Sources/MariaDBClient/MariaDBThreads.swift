import NIOPosix

/// The threads on which libmariadb waits: bounded, and never those of Swift's cooperative pool.
enum MariaDBThreads {
    /// As many conversations with MariaDB servers as run at the same time; more wait in line.
    private static let count = 16

    static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: MariaDBThreads.count)
        pool.start()
        return pool
    }()
}
