import Subprocess
import SystemPackage

/// Programs that tests call and wait for, such as `psql` and `openssl`.
package enum Tool {
    /// - Parameter command: The path of a program, or its name on the PATH, and its arguments.
    /// - Returns: What it wrote to its standard output.
    /// - Throws: `FixtureError` with the end of its error output when it fails.
    @discardableResult
    package static func run(
        _ command: [String],
        as account: ServiceAccount? = nil,
        environment: [String: String] = [:]
    ) async throws -> String {
        let words = (account?.commandPrefix ?? []) + command
        guard let program = words.first else { throw FixtureError("no command") }
        let result = try await Subprocess.run(
            program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(Array(words.dropFirst())),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), Optional($0.value)) })
            ),
            workingDirectory: "/",
            input: .none,
            output: .string(limit: 4 << 20),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            let output = result.standardError.suffix(2_000)
            throw FixtureError("\(command.joined(separator: " ")): \(result.terminationStatus): \(output)")
        }
        return result.standardOutput
    }
}
