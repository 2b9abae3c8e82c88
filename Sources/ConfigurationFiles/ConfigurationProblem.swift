/// One mistake in a configuration or rules file, and where it stands.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// From 1; `nil` if the mistake has no place (an unreadable file, say).
    package let line: Int?
    package let column: Int?
    /// What is wrong, and what to write instead.
    package let message: String

    package init(file: String, line: Int? = nil, column: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `rules.yaml:12:5: unknown key "rotater"; did you mean "rotator"?`
    package var description: String {
        let place = [self.line, self.column].compactMap { $0 }.map(String.init)
        return ([self.file] + place).joined(separator: ":") + ": " + self.message
    }
}

/// Everything that is wrong with a file: a person mends all of it at once.
package struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
    package let problems: [ConfigurationProblem]

    package init(_ problems: [ConfigurationProblem]) {
        self.problems = problems
    }

    package var description: String { self.problems.map(\.description).joined(separator: "\n") }
}
