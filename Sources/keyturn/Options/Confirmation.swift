import ArgumentParser
import Daemon

/// For commands that take something away: asked for on a terminal, `--yes` elsewhere.
struct Confirmation: ParsableArguments {
    @Flag(help: "Do not ask.")
    var yes = false

    /// - Parameter question: What is about to happen: `Delete the user ann and its access keys?`
    func ask(_ question: String) throws {
        guard !self.yes else { return }
        guard ValueSource.isAsked else {
            throw CommandError(.usage, "nobody is there to confirm it", why: question, next: "give --yes")
        }
        StandardStream.error.line("\(question) Only \"yes\" does it.")
        guard readLine() == "yes" else { throw CommandError(.failed, "not confirmed; nothing was changed") }
    }
}
