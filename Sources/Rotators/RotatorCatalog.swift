package import RotationModel
import SecretModel

/// The rotators that this daemon has: the built-in ones, and the trusted executables of the rotators directories.
///
/// The directories are looked at on every question, so that a new script needs no restart; what a script says of itself is kept until its
/// file changes.
package actor RotatorCatalog: RotatorRegistry {
    /// Why a file in a rotators directory is not used.
    package struct Problem: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            /// It may not be trusted, or cannot say what it is.
            case invalid
            /// Another rotator of this name comes first.
            case shadowed
        }

        package let kind: Kind
        package let name: RotatorName
        package let path: String
        package let reason: String
    }

    /// Where rotators are looked for, first hit wins (`rotator-protocol.md` §3.2).
    package static let defaultDirectories = [
        "/etc/keyturn/rotators", "/usr/local/lib/keyturn/rotators", "/usr/lib/keyturn/rotators",
    ]

    private struct Described: Sendable {
        let manifest: ScriptManifest
        /// Of the sidecar, if the manifest came from one.
        let sidecar: ScriptFile.Stamp?
    }

    private let builtIn: [RotatorName: any Rotator]
    private let directories: [ScriptDirectory]
    private let environment: ScriptEnvironment
    private var described: [ScriptFile: Described] = [:]

    /// - Parameters:
    ///   - builtIn: They come before any file of the same name.
    ///   - directories: The rotators directories in search order.
    ///   - environment: How scripts are run.
    package init(
        builtIn: [any Rotator] = [],
        directories: [String] = RotatorCatalog.defaultDirectories,
        environment: ScriptEnvironment = ScriptEnvironment()
    ) {
        self.builtIn = Dictionary(builtIn.map { ($0.manifest.name, $0) }) { first, _ in first }
        self.directories = directories.map(ScriptDirectory.init)
        self.environment = environment
    }

    package func rotator(named name: RotatorName) async -> (any Rotator)? {
        if let rotator = self.builtIn[name] { return rotator }
        guard let entry = self.entries().first(where: { $0.name == name }) else { return nil }
        guard case .success(let rotator) = await self.load(entry) else { return nil }
        return rotator
    }

    package func manifests() async -> [RotatorManifest] {
        var manifests = self.builtIn.values.map(\.manifest)
        for entry in self.visibleEntries() {
            if case .success(let rotator) = await self.load(entry) { manifests.append(rotator.manifest) }
        }
        return manifests.sorted { $0.name.description.utf8.lexicographicallyPrecedes($1.name.description.utf8) }
    }

    /// Files that look like rotators and are not used, each with the reason.
    package func problems() async -> [Problem] {
        var problems: [Problem] = []
        var seen: [RotatorName: String] = self.builtIn.mapValues { _ in "the built-in rotator" }
        for entry in self.entries() {
            if let first = seen[entry.name] {
                problems.append(Problem(kind: .shadowed, name: entry.name, path: entry.path, reason: "\(first) comes first"))
                continue
            }
            seen[entry.name] = entry.path
            if case .failure(let refusal) = await self.load(entry) {
                problems.append(Problem(kind: .invalid, name: entry.name, path: entry.path, reason: refusal.reason))
            }
        }
        return problems
    }

    private struct Refusal: Error {
        let reason: String
    }

    private func entries() -> [ScriptDirectory.Entry] { self.directories.flatMap { $0.entries() } }

    /// The first entry of each name that is no built-in rotator's.
    private func visibleEntries() -> [ScriptDirectory.Entry] {
        var seen = Set(self.builtIn.keys)
        return self.entries().filter { seen.insert($0.name).inserted }
    }

    private func load(_ entry: ScriptDirectory.Entry) async -> Result<ScriptRotator, Refusal> {
        do {
            let file = try ScriptFile(trusting: entry.path, name: entry.name)
            let sidecar = try ScriptFile.Stamp(trustingIfPresent: entry.sidecar)
            if let known = self.described[file], known.sidecar == sidecar {
                return .success(ScriptRotator(file: file, manifest: known.manifest, environment: self.environment))
            }
            let manifest = try await ScriptDescription(environment: self.environment).describe(
                file,
                sidecar: sidecar == nil ? nil : entry.sidecar
            )
            self.described[file] = Described(manifest: manifest, sidecar: sidecar)
            return .success(ScriptRotator(file: file, manifest: manifest, environment: self.environment))
        } catch let refusal as ScriptFile.Refusal {
            return .failure(Refusal(reason: refusal.description))
        } catch let invalid as ScriptManifest.Invalid {
            return .failure(Refusal(reason: invalid.reason))
        } catch {
            return .failure(Refusal(reason: String(describing: error)))
        }
    }
}
