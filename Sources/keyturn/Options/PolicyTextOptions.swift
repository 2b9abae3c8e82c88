import ArgumentParser
import SecretModel

/// A managed policy, and the file with its text.
struct PolicyTextOptions: ParsableArguments {
    @Argument(help: "Name of the policy.")
    var name: String

    @Option(help: "File with the policy.")
    var document: String

    func members() throws -> [(String, JSONValue?)] {
        let text = try TextFile.read(self.document, next: "give the path of a file with a policy as --document")
        return [("PolicyName", .string(self.name)), ("PolicyDocument", .string(text))]
    }
}
