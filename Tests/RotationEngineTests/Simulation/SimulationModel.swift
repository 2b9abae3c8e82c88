import Encryption
import Foundation
import RotationModel
import Rotators
import SecretModel
import Secrets
import Storage

/// What is true, and what must hold: it sees each change at a target and each commit to the store, and notes what contradicts `design.md` §2.
final class SimulationModel: Sendable {
    struct State {
        var truths: [SecretARN: SecretTruth] = [:]
        var lastAudit: Int64 = 0
        var calls = 0
        /// Plain values by ciphertext, so that each is opened once.
        var opened: [[UInt8]: Credential] = [:]
    }

    let store: Store
    let keyring: Keyring
    let clock: SimulatedClock
    private let report: Confined<SimulationReport>
    let state = Confined(State())

    init(store: Store, keyring: Keyring, clock: SimulatedClock, report: Confined<SimulationReport>) {
        self.store = store
        self.keyring = keyring
        self.clock = clock
        self.report = report
    }

    var hasViolations: Bool { !self.report.value.violations.isEmpty }

    /// One seed was asked for: all that happens is printed as it happens, so that one that turns in a circle shows where.
    private static let isTraced = ProcessInfo.processInfo.environment["KEYTURN_SIMULATION_SEED"] != nil

    func count(_ coverage: SimulationReport.Coverage, if condition: Bool = true) {
        if condition { self.report.value.counts[coverage, default: 0] += 1 }
    }

    func note(_ line: String) {
        self.report.value.history.append("\(self.clock.truth.rfc3339) \(line)")
        if Self.isTraced { print("\(self.clock.truth.rfc3339) \(line)") }
    }

    func violated(_ sentence: String) {
        self.note("VIOLATED \(sentence)")
        self.report.value.violations.append("\(self.clock.truth.rfc3339) \(sentence)")
    }

    func check(_ condition: Bool, _ sentence: @autoclosure () -> String) {
        if !condition { self.violated(sentence()) }
    }

    /// Reads the store behind everybody's back.
    func read<Result: Sendable>(_ body: @escaping @Sendable (StoreReader) throws -> Result) async -> Result? {
        do {
            return try await self.store.read(body)
        } catch {
            self.violated("the store cannot be read: \(error)")
            return nil
        }
    }

    /// What every version of a secret holds.
    func held(_ secret: SecretARN) async -> [VersionID: Credential] {
        let (known, moves) = (self.state.value.opened, VersionMoves(keyring: self.keyring))
        let found = await self.read { store in
            try store.versions(of: secret).compactMap { version in
                try version.value.map { sealed in
                    let credential =
                        try known[sealed.ciphertext].map { .success($0) }
                        ?? Self.open(version.id, of: secret, moves, in: store)
                    return (version.id, sealed.ciphertext, credential)
                }
            }
        }
        var held: [VersionID: Credential] = [:]
        for (version, ciphertext, result) in found ?? [] {
            switch result {
            case .success(let credential):
                self.state.value.opened[ciphertext] = credential
                held[version] = credential
            case .failure(let refusal):
                self.violated("a value of \(secret.name) does not open: \(refusal.cause)")
            }
        }
        return held
    }

    /// Why a value does not open.
    private struct Unreadable: Error {
        let cause: String
    }

    private static func open(
        _ version: VersionID,
        of secret: SecretARN,
        _ moves: VersionMoves,
        in store: StoreReader
    ) throws -> Result<Credential?, Unreadable> {
        do {
            return .success(Credential(try moves.value(of: version, of: secret, in: store)))
        } catch let error as StoreError {
            throw error
        } catch {
            return .failure(Unreadable(cause: "\(error)"))
        }
    }
}

/// What is known of one secret.
struct SecretTruth: Sendable {
    let arn: SecretARN
    let target: SimulatedTarget
    let strategy: RotationStrategy
    /// As the store had it when it was last looked at.
    var rotation: RotationRecord?
    /// The last success, by the true time: the store has it by a wall clock that may have been wrong.
    var rotatedAt: Timestamp?
    var isDeleted = false
    /// When it goes for good, as the store promised whoever deleted it.
    var goesAt: Timestamp?
    /// Tokens with which people asked for runs.
    var asked: Set<VersionID> = []
    /// What was set on the target, by run.
    var sent: [VersionID: [String]] = [:]
    /// Runs whose value the target's policy refused since it was last made.
    var refusedByPolicy: Set<VersionID> = []
    /// When a run last asked about pending.
    var probed: [VersionID: Duration] = [:]
    /// A person put AWSCURRENT there, or it was never set on the target.
    var isCurrentByHand = false
    /// On a target that is always well.
    var isHealthy = false
}
