import Foundation

/// Gives a parser generated inputs and watches it: none may crash it, take long, or make the process grow. Prints the lines that
/// `deploy/prove` counts. `KEYTURN_PROOF=long` tries a million inputs, a test run a sample; `KEYTURN_FUZZ_SEED` repeats a run.
///
/// Inputs whose outcome was not seen before (another error, another shape of a success) are bred from: that leads deeper into a parser than
/// chance does.
package struct FuzzRun: Sendable {
    package let name: String
    package let seed: UInt64
    package let count: Int

    /// No input may take longer; a parser takes microseconds, a busy machine does not.
    private static let patience: Duration = .seconds(5)
    /// How much the process may grow in a long run, other tests beside it included.
    private static let growthLimit = 512 << 20
    private static let breedingLimit = 2_000

    /// - Parameter short: How many inputs a test run tries.
    package init(_ name: String, short: Int = 10_000) {
        let environment = ProcessInfo.processInfo.environment
        self.name = name
        self.seed = environment["KEYTURN_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
        self.count = environment["KEYTURN_PROOF"] == "long" ? 1_000_000 : short
    }

    /// - Parameters:
    ///   - examples: Well-formed inputs.
    ///   - tokens: Pieces of the grammar.
    ///   - outcome: Gives the input to the parser. Returns what came of it, as a short text; throws what must not be.
    /// - Throws: `FixtureError`, with the seed and the input.
    package func run(examples: [String], tokens: [String], outcome: ([UInt8]) throws -> String) throws {
        let mutator = InputMutator(tokens: tokens)
        var random = SeededGenerator(seed: self.seed)
        var corpus = examples.map { Array($0.utf8) }
        var seen: Set<String> = []
        for example in corpus { seen.insert(Self.shape(try outcome(example))) }
        let start = ContinuousClock.now
        var memory = 0
        for number in 0..<self.count {
            let base = corpus.randomElement(using: &random) ?? []
            let input = mutator.mutated(base, other: corpus.randomElement(using: &random) ?? [], using: &random)
            let begin = ContinuousClock.now
            let found: String
            do {
                found = try outcome(input)
            } catch {
                throw self.failure("\(error)", number, input)
            }
            guard ContinuousClock.now - begin < Self.patience else { throw self.failure("it takes too long", number, input) }
            if seen.insert(Self.shape(found)).inserted, corpus.count < Self.breedingLimit { corpus.append(input) }
            if number == self.count / 10 { memory = try Self.residentBytes() }
        }
        let grown = try Self.residentBytes() - memory
        guard grown < Self.growthLimit else { throw self.failure("the process grew by \(grown >> 20) MiB", self.count, []) }
        let seconds = String(format: "%.2f", (ContinuousClock.now - start) / .seconds(1))
        Self.write("ok fuzz/\(self.name) \(seconds) s")
        Self.write("figure fuzz/\(self.name) \(self.count) inputs, seed \(self.seed), \(seen.count) outcomes, \(grown >> 20) MiB more")
    }

    private func failure(_ cause: String, _ number: Int, _ input: [UInt8]) -> FixtureError {
        Self.write("FAILED fuzz/\(self.name) seed \(self.seed), input \(number): \(cause)")
        return FixtureError(
            "\(self.name), seed \(self.seed), input \(number): \(cause): \(String(decoding: input, as: UTF8.self).debugDescription)"
        )
    }

    /// An outcome without what differs from input to input: quotations and numbers.
    private static func shape(_ outcome: String) -> String {
        var (shape, isQuoted) = ([UInt8](), false)
        for byte in outcome.utf8.prefix(400) {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { isQuoted.toggle() }
            if !isQuoted, !(48...57).contains(byte) { shape.append(byte) }
        }
        return String(decoding: shape.prefix(120), as: UTF8.self)
    }

    private static func residentBytes() throws -> Int {
        let pages = try readFile("/proc/self/statm").split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let pages else { throw FixtureError("/proc/self/statm cannot be read") }
        return pages * 4_096
    }

    /// At once, where `print` would keep the lines until the end if nobody's terminal reads them.
    private static func write(_ text: String) {
        FileHandle.standardOutput.write(Data("proof: \(text)\n".utf8))
    }
}
