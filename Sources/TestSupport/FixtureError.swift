/// A fixture that could not be set up: the test says nothing about the code under test.
package struct FixtureError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
