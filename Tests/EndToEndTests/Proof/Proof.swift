import Foundation
import Testing

/// Cases that `deploy/prove` counts: each prints one line, and a failed one fails its test too.
enum Proof {
    /// Whether all cases are tried (`deploy/prove`), or a sample that fits into the test run (`KEYTURN_PROOF` is not `long`).
    static let isLong = ProcessInfo.processInfo.environment["KEYTURN_PROOF"] == "long"

    /// Tries one case and prints how it went: `proof: ok NAME SECONDS` or `proof: FAILED NAME SECONDS: CAUSE`. `deploy/prove` reads these lines.
    ///
    /// - Parameters:
    ///   - name: What a person needs to find the case again, its parts divided by slashes, without spaces.
    ///   - body: Throws what went wrong; `Proof.expect` helps.
    static func `case`(_ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void) async {
        let start = ContinuousClock.now
        do {
            try await body()
            self.line("ok", name, since: start)
        } catch {
            self.line("FAILED", name, since: start, cause: "\(error)")
            Issue.record(error, "\(name)", sourceLocation: sourceLocation)
        }
    }

    /// - Throws: `ProofFailure` with the sentence, unless it holds.
    static func expect(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
        if !condition { throw ProofFailure(sentence()) }
    }

    /// A measured figure: `proof: figure NAME VALUE`.
    static func figure(_ name: String, _ value: String) {
        self.write("figure \(name) \(value)")
    }

    private static func line(_ outcome: String, _ name: String, since start: ContinuousClock.Instant, cause: String? = nil) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let text = cause.map { ": " + $0.replacing("\n", with: " ") } ?? ""
        self.write("\(outcome) \(name) \(String(format: "%.2f", seconds)) s\(text)")
    }

    /// At once, where `print` would keep the lines until the end if nobody's terminal reads them.
    private static func write(_ text: String) {
        FileHandle.standardOutput.write(Data("proof: \(text)\n".utf8))
    }
}

/// What a case found wrong.
struct ProofFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
