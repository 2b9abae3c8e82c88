import Logging
import SecretModel
import Secrets
import ServiceLifecycle

/// The daemon's own housekeeping, every few minutes: secrets whose recovery window is over go for good.
struct Maintenance: Service {
    let secrets: SecretService
    let now: @Sendable () -> Timestamp
    let logger: Logger

    private static let interval: Duration = .minutes(10)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var sweep = DeletionSweep(secrets: self.secrets)
            while !Task.isCancelled {
                await self.tidy(&sweep)
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    /// A failure is logged, and the next round tries again: nothing depends on the time at which this is done.
    private func tidy(_ sweep: inout DeletionSweep) async {
        do {
            for secret in try await sweep.look(at: self.now(), instant: .now) {
                self.logger.info("a deleted secret is gone for good", metadata: ["secret": "\(secret)"])
            }
        } catch {
            self.logger.warning("housekeeping failed", metadata: ["error": "\(error)"])
        }
    }
}
