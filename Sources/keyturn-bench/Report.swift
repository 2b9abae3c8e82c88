import Foundation

/// The figures of one run as JSON: for those who keep and compare them.
struct Report: Encodable {
    private struct Entry: Encodable {
        let name: String
        let value: Double
        let unit: String
        let baseline: Double?
        let baselineName: String?
        let ratio: Double?
        let goal: String?
        let isGoalMet: Bool?

        init(_ figure: Figure) {
            self.name = figure.name
            self.value = figure.value
            self.unit = figure.unit
            self.baseline = figure.baseline
            self.baselineName = figure.baselineName
            self.ratio = figure.ratio
            self.goal = figure.goalText
            self.isGoalMet = figure.isMet
        }
    }

    private let isQuick: Bool
    private let startedAt: Date
    private let processors: Int
    private let figures: [Entry]

    init(_ figures: [Figure], isQuick: Bool, startedAt: Date) {
        self.isQuick = isQuick
        self.startedAt = startedAt
        self.processors = ProcessInfo.processInfo.activeProcessorCount
        self.figures = figures.map(Entry.init)
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
