import ArgumentParser

@main
struct Keyturn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "keyturn")
}
