import Alerting
import Logging
import RotationModel
import SecretModel
import ServiceLifecycle
import Storage

/// Tells of secrets whose next rotation date has passed without success (I11): from the store, independent of the scheduler and the
/// workers that should have rotated.
package struct OverdueDetector: Service {
    private let parts: EngineParts
    private let grace: Duration
    private let interval: Duration

    /// - Parameter interval: How often it looks.
    package init(parts: EngineParts, settings: EngineSettings, interval: Duration = .minutes(1)) {
        self.parts = parts
        self.grace = settings.overdueAfter
        self.interval = interval
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.look()
                do { try await self.parts.time.sleep(self.interval) } catch { return }
            }
        }
    }

    /// One look. The recorder tells of an overdue secret once; a secret that stays overdue is only counted on.
    package func look() async {
        let now = self.parts.time.now()
        let limit = now - self.grace
        let overdue: [SecretARN]
        do {
            overdue = try await self.parts.store.read { try $0.overdueSecrets(before: limit) }
        } catch {
            self.parts.logger.error("cannot look for overdue secrets; the next look tries again", metadata: ["cause": "\(error)"])
            return
        }
        for arn in overdue { await self.tell(arn, limit, at: now) }
    }

    /// One secret that cannot be told of must not keep the others silent.
    private func tell(_ arn: SecretARN, _ limit: Timestamp, at now: Timestamp) async {
        do {
            try await self.parts.store.write { store in
                guard let secret = try store.secret(arn), let window = secret.rotation?.nextWindow, window.end < limit else { return }
                try self.parts.alerts.record(.overdue(try store.unfinishedRun(of: arn)), of: secret, at: now, in: store)
            }
        } catch {
            self.parts.logger.error("cannot tell of an overdue secret", metadata: ["secret": "\(arn)", "cause": "\(error)"])
        }
    }
}
