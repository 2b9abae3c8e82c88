import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// A program that has ended, as its user sees it.
struct Command: Sendable {
    let exitCode: Int32
    let output: String
    let errors: String

    /// The binary that was built with these tests, or the one that `KEYTURN_BINARY` names: figures are taken with a release build.
    static let keyturn: String = {
        if let path = ProcessInfo.processInfo.environment["KEYTURN_BINARY"] { return path }
        let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("keyturn").path
    }()

    static func keyturn(_ arguments: String...) async throws -> Command {
        try await Self.run([Self.keyturn] + arguments)
    }

    /// Runs a program to its end.
    ///
    /// - Throws: `FixtureError` if it was killed or cannot be started.
    static func run(_ words: [String], environment: [String: String] = [:]) async throws -> Command {
        guard let program = words.first else { throw FixtureError("no command") }
        let variables = Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), Optional($0.value)) })
        let result = try await Subprocess.run(
            program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(Array(words.dropFirst())),
            environment: .inherit.updating(variables),
            input: .none,
            output: .string(limit: 4 << 20),
            error: .string(limit: 1 << 20)
        )
        guard case .exited(let code) = result.terminationStatus else {
            throw FixtureError("\(program) ended with \(result.terminationStatus)")
        }
        return Command(exitCode: code, output: result.standardOutput, errors: result.standardError)
    }
}
