import FoundationEssentials
import Processes
import SecretModel

/// Gets a script's manifest: from its sidecar, else by asking it.
struct ScriptDescription: Sendable {
    let environment: ScriptEnvironment

    /// A machine under load starts interpreters slowly, and a rotator that cannot be described parks its runs.
    private static let timeout: Duration = .seconds(60)

    /// - Parameter sidecar: The path of the sidecar, if there is one: then no code runs.
    func describe(_ file: ScriptFile, sidecar: String?) async throws(ScriptManifest.Invalid) -> ScriptManifest {
        if let sidecar {
            guard let bytes = FileManager.default.contents(atPath: sidecar) else {
                throw ScriptManifest.Invalid(reason: "\(sidecar) cannot be read")
            }
            return try self.parse(Array(bytes), from: sidecar)
        }
        let outcome: ChildProcess.Outcome
        do {
            outcome = try await ScriptProcess(file: file, environment: self.environment)
                .run(.describe, request: [], wallTime: ScriptDescription.timeout)
        } catch {
            throw ScriptManifest.Invalid(reason: "\(file.path) cannot be run: \(error)")
        }
        guard outcome.ending == .exited(0) else {
            throw ScriptManifest.Invalid(reason: "`\(file.path) describe` \(ScriptOutcome.words(for: outcome.ending))")
        }
        return try self.parse(outcome.output, from: "`\(file.path) describe`")
    }

    private func parse(_ bytes: [UInt8], from origin: String) throws(ScriptManifest.Invalid) -> ScriptManifest {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw ScriptManifest.Invalid(reason: "\(origin): \(error)")
        }
        return try ScriptManifest(json)
    }
}
