import ArgumentParser
import SecretModel

struct IdentityDeleteCommand<Noun: IdentityNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete",
            abstract: "Deletes a \(Noun.word), with \(Noun.belongings).",
            discussion: """
                Policies of secrets, keys and roles that name it name nobody from then on, not even a later \(Noun.word) of the same name.

                Examples:
                  keyturn \(Noun.word) delete \(Noun.example)
                  keyturn \(Noun.word) delete \(Noun.example) --yes
                """
        )
    }

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var call: IdentityCall

    func run() async throws {
        try self.confirmation.ask("Delete the \(Noun.word) \(self.name), with \(Noun.belongings)?")
        try await self.call.show("Delete\(Noun.noun)", [("\(Noun.noun)Name", .string(self.name))]) { "\($0.cell("Arn"))  deleted\n" }
    }
}
