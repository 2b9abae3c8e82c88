import ArgumentParser
import SecretModel

struct BoundaryCommand<Noun: IdentityNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "boundary",
            abstract: "The permissions boundary: the most that a \(Noun.word) may, whatever its policies say.",
            subcommands: [BoundarySetCommand<Noun>.self, BoundaryRemoveCommand<Noun>.self]
        )
    }
}

struct BoundarySetCommand<Noun: IdentityNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "set",
            abstract: "Limits a \(Noun.word) to what a managed policy allows.",
            discussion: """
                Examples:
                  keyturn \(Noun.word) boundary set \(Noun.example) limits
                  keyturn \(Noun.word) boundary set \(Noun.example) SecretsManagerReadWrite --account 123456789012
                """
        )
    }

    @Argument(help: "Its name.")
    var name: String

    @Argument(help: "Name of the managed policy.")
    var policy: String

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show(
            "PutPermissionsBoundary",
            [("\(Noun.noun)Name", .string(self.name)), ("PolicyName", .string(self.policy))]
        ) { "\($0.cell("Arn"))  may do no more than \($0.cell("PolicyName")) allows\n" }
    }
}

struct BoundaryRemoveCommand<Noun: IdentityNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "remove",
            abstract: "Takes the limit away: what the policies of a \(Noun.word) allow holds again.",
            discussion: """
                Examples:
                  keyturn \(Noun.word) boundary remove \(Noun.example)
                  keyturn \(Noun.word) boundary remove \(Noun.example) --account 123456789012
                """
        )
    }

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("DeletePermissionsBoundary", [("\(Noun.noun)Name", .string(self.name))]) {
            "\($0.cell("Arn"))  has no boundary\n"
        }
    }
}
