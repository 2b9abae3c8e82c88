import CertificateAuthority
import HTTPServing
import Logging
import NIOConcurrencyHelpers
import SecretModel
import ServiceLifecycle
import UnixSignals

/// Shows clients a new certificate without a restart: when its files change, at SIGHUP, and when the installation's own authority has to issue
/// one because the old one ends soon. A certificate that cannot be used is refused with a line in the log, and the old one stays.
struct CertificateWatch: Service {
    private static let interval: Duration = .seconds(5)
    /// A certificate of our own authority is renewed a month before it ends: a look an hour is plenty.
    private static let roundsUntilRenewal = 720

    private let source: CertificateSource
    private let shown: ServerCertificate
    private let heedsHangups: Bool
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let stamps: NIOLockedValueBox<[FileStamp]>

    /// - Parameter heedsHangups: Whether SIGHUP is ours: nobody else may wait for it then.
    init(
        _ source: CertificateSource,
        shown: ServerCertificate,
        heedsHangups: Bool,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.source = source
        self.shown = shown
        self.heedsHangups = heedsHangups
        self.now = now
        self.logger = logger
        self.stamps = NIOLockedValueBox(source.stamps)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.watchFiles() }
                if self.heedsHangups { group.addTask { await self.watchHangups() } }
            }
        }
    }

    private func watchHangups() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) { self.reload() }
    }

    private func watchFiles() async {
        var round = 0
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.interval) } catch { return }
            round += 1
            let isChanged = self.stamps.withLockedValue { $0 } != self.source.stamps
            if isChanged || round.isMultiple(of: Self.roundsUntilRenewal) { self.reload() }
        }
    }

    private func reload() {
        self.stamps.withLockedValue { $0 = self.source.stamps }
        do {
            let pair = try self.source.load(now: self.now())
            try self.shown.replace(chain: pair.certificate, key: pair.key)
            self.logger.info("the server certificate was read again")
        } catch {
            self.logger.error("the new server certificate cannot be used, the old one stays", metadata: ["cause": "\(error)"])
        }
    }
}
