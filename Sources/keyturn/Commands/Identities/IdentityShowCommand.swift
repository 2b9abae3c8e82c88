import ArgumentParser
import SecretModel

struct IdentityShowCommand<Noun: IdentityNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: "Shows a \(Noun.word) with what is attached to it.",
            discussion: """
                Examples:
                  keyturn \(Noun.word) show \(Noun.example)
                  keyturn \(Noun.word) show \(Noun.example) --output json
                """
        )
    }

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("Describe\(Noun.noun)", [("\(Noun.noun)Name", .string(self.name))]) { IdentityText.details($0) }
    }
}
