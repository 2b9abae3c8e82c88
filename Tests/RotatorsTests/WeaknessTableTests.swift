import Foundation
import TestSupport
import Testing

/// `README.md` beside this file says where each weakness of AWS's functions is shown, and this keeps it true.
@Suite("The table of weaknesses")
struct WeaknessTableTests {
    private static let weaknesses = Array(1...21) + [23, 24, 26, 27]
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// The cells of the table by the weakness's number: AWS's fault, PostgreSQL, MariaDB.
    private static func table() throws -> [Int: [Substring]] {
        var table: [Int: [Substring]] = [:]
        for line in try readFile(self.tests.path + "/RotatorsTests/README.md").split(separator: "\n") {
            guard let number = line.prefixMatch(of: #/\| W([0-9]+) \|/#).flatMap({ Int($0.output.1) }) else { continue }
            table[number] = line.split(separator: "|").dropFirst().map { $0.trimmingPrefix(" ") }
        }
        return table
    }

    /// Whether a file has a test with the number in its name.
    private static func shows(_ number: Int, _ file: String) throws -> Bool {
        let source = try readFile(self.tests.path + "/" + file)
        let name = try Regex("W\(number)(?![0-9])")
        return source.split(separator: "\n").contains { line in
            guard line.contains(name) else { return false }
            return line.contains("@Test(") || line.contains("@Suite(") || line.contains("func ") || line.prefixMatch(of: #/ *"/#) != nil
        }
    }

    @Test("Each weakness is shown on each engine, by a test with its number in its name, or says why not", arguments: weaknesses)
    func isShown(number: Int) throws {
        let row = try #require(try Self.table()[number], "W\(number) has no row")
        #expect(row.count >= 3)
        for cell in row.dropFirst().prefix(2) {
            let files = cell.matches(of: #/`([A-Za-z/]+\.swift)`/#).map { String($0.output.1) }
            if files.isEmpty { #expect(cell.hasPrefix("— ") && cell.count > 40, "no test and no reason: \(cell)") }
            for file in files { #expect(try Self.shows(number, file), "\(file) has no test of W\(number)") }
        }
    }
}
