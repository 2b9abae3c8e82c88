import ArgumentParser
import SecretModel

struct IdentityListCommand<Noun: IdentityNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: "Lists the \(Noun.word)s of an account.",
            discussion: """
                Examples:
                  keyturn \(Noun.word) list
                  keyturn \(Noun.word) list --account 123456789012 --output json
                """
        )
    }

    @OptionGroup var call: IdentityCall

    func run() async throws {
        try await self.call.show("List\(Noun.noun)s") { IdentityText.table($0["\(Noun.noun)s"]?.arrayValue ?? [], Noun.noun) }
    }
}
