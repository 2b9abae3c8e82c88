import Auditing
import Encryption
import KeyManagement
import Logging
import SecretModel
import Secrets
import ServiceLifecycle

/// The daemon's own housekeeping, every few minutes: secrets and KMS keys whose window is over go for good, KMS keys are
/// rotated, and audit records end that are older than they are kept for.
struct Maintenance: Service {
    let secrets: SecretService
    let keys: KeyService
    let audit: AuditRetention
    let now: @Sendable () -> Timestamp
    let logger: Logger

    private static let interval: Duration = .minutes(10)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var secretSweep = DeletionSweep(secrets: self.secrets)
            var retention = self.audit
            var keySweep = KeyDeletionSweep(keys: self.keys)
            while !Task.isCancelled {
                await self.logged("a deleted secret is gone for good") {
                    try await secretSweep.look(at: self.now(), instant: .now).map(\.description)
                }
                await self.logged("a deleted KMS key is gone for good") {
                    try await keySweep.look(at: self.now(), instant: .now).map(\.description)
                }
                await self.logged("a KMS key has new material") {
                    try await self.keys.rotateDueKeys(at: self.now()).map(\.description)
                }
                await self.logged("old audit records are gone") {
                    let count = try await retention.look(at: self.now(), instant: .now)
                    return count > 0 ? ["\(count) records"] : []
                }
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    /// A failure is logged, and the next round tries again: nothing depends on the time at which this is done.
    private func logged(_ news: Logger.Message, _ work: () async throws -> [String]) async {
        do {
            for name in try await work() { self.logger.info(news, metadata: ["name": "\(name)"]) }
        } catch {
            self.logger.warning("housekeeping failed", metadata: ["error": "\(error)"])
        }
    }
}
