import Foundation

/// Figures in words: for the table, and for people who read the JSON.
extension Figure {
    /// With as many digits as mean anything.
    static func text(_ number: Double) -> String {
        switch abs(number) {
        case 1_000...: String(format: "%.0f", number)
        case 100...: String(format: "%.1f", number)
        case 1...: String(format: "%.2f", number)
        default: String(format: "%.3f", number)
        }
    }

    var valueText: String { "\(Self.text(self.value)) \(self.unit)" }

    var baselineText: String? {
        self.baseline.map { baseline in
            "\(Self.text(baseline)) \(self.unit)" + (self.baselineName.map { " (\($0))" } ?? "")
        }
    }

    var ratioText: String? { self.ratio.map { "\(Self.text($0)) ×" } }

    var goalText: String? {
        switch self.goal {
        case .atMost(let limit): "≤ \(Self.text(limit)) \(self.unit)"
        case .atLeast(let limit): "≥ \(Self.text(limit)) \(self.unit)"
        case .ratioAtMost(let limit): "≤ \(Self.text(limit)) ×"
        case .ratioAtLeast(let limit): "≥ \(Self.text(limit)) ×"
        case nil: nil
        }
    }

    /// A goal that is not reached is told in capitals.
    var verdict: String? { self.isMet.map { $0 ? "met" : "MISSED" } }
}

/// The table that `deploy/bench` prints.
enum FigureTable {
    private static let header = ["figure", "value", "baseline in the same run", "ratio", "goal", ""]

    static func text(_ figures: [Figure]) -> String {
        let rows = figures.map { figure in
            [figure.name, figure.valueText] + [figure.baselineText, figure.ratioText, figure.goalText, figure.verdict].map { $0 ?? "-" }
        }
        let lines = [Self.header] + rows
        let widths = Self.header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            let padded = zip(cells, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            return padded.joined(separator: "  ").trimmingCharacters(in: .whitespaces) + "\n"
        }.joined()
    }
}
