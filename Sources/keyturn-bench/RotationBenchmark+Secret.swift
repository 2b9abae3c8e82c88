import Logging
import RotationModel
import Rotators
import SecretModel

/// A secret that a rotator rotates as the engine does it, without the store.
struct RotatedSecret {
    /// What one rotation took, in milliseconds.
    struct Cost {
        let whole: Double
        /// From the end of setSecret to the end of testSecret: the time in which a single-user secret's AWSCURRENT is wrong.
        let sinceSet: Double
    }

    private let rotator: any Rotator
    private let admin: SecretValue?
    private var current: SecretValue
    private var previous: SecretValue?
    private let arn: SecretARN
    private let run: VersionID

    var name: String { self.rotator.manifest.name.description }
    var isSingleUser: Bool { self.rotator.manifest.strategy == .singleUser }

    init(_ rotator: any Rotator, current: JSONValue, admin: JSONValue? = nil) throws {
        guard let arn = SecretARN("arn:aws:secretsmanager:eu-central-1:123456789012:secret:bench-AbCdEf"),
            let run = VersionID("00000000-0000-4000-8000-000000000001")
        else { throw RotationBenchmarkError("no ARN") }
        self.rotator = rotator
        self.current = SecretValue(string: current.text)
        self.admin = admin.map { SecretValue(string: $0.text) }
        (self.arn, self.run) = (arn, run)
    }

    mutating func rotate() async throws -> Cost {
        let clock = ContinuousClock()
        let start = clock.now
        let pending = try await self.rotator.createSecret(self.context(pending: nil))
        _ = try await self.rotator.setSecret(self.context(pending: pending))
        let set = clock.now
        _ = try await self.rotator.testSecret(self.context(pending: pending))
        let end = clock.now
        (self.previous, self.current) = (self.current, pending)
        return Cost(whole: (end - start) / .milliseconds(1), sinceSet: (end - set) / .milliseconds(1))
    }

    private func context(pending: SecretValue?) -> StepContext {
        StepContext(
            secret: self.arn,
            run: self.run,
            current: self.current,
            pending: pending,
            previous: self.previous,
            admin: self.admin,
            deadline: .now + .seconds(20),
            logger: Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }
}

/// What keeps the benchmark from measuring.
struct RotationBenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
