import SecretModel
import TestSupport

/// Draws of one part of a simulation, all from the seed.
final class SimulationRandom: Sendable {
    private let generator: Confined<SeededGenerator>

    init(seed: UInt64) {
        self.generator = Confined(SeededGenerator(seed: seed))
    }

    func number() -> UInt64 { self.generator.value.next() }
    func chance(_ probability: Double) -> Bool { self.fraction() < probability }
    func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self.generator.value) }
    func seconds(_ range: ClosedRange<Double>) -> Duration {
        .microseconds(Int64((range.lowerBound + self.fraction() * (range.upperBound - range.lowerBound)) * 1_000_000))
    }

    func pick<Element>(_ elements: [Element]) -> Element { elements[self.int(0...elements.count - 1)] }

    /// One of the cases, in proportion to their weights.
    func pick<Choice>(weighted choices: [(Choice, Int)]) -> Choice {
        var left = self.int(0...choices.reduce(-1) { $0 + $1.1 })
        for (choice, weight) in choices {
            left -= weight
            if left < 0 { return choice }
        }
        return choices[0].0
    }

    private func fraction() -> Double { Double(self.generator.value.next() >> 11) * 0x1p-53 }
}
