import AdminClient
import ArgumentParser
import SecretModel

struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Does AWSCURRENT log in, now? Changes nothing.",
        discussion: """
            Exit code 0: every probed value was accepted; 1: one was not.

            Examples:
              keyturn probe prod/db/app
              keyturn probe --all
            """
    )

    @Argument(help: "Name or ARN.")
    var name: String?

    @Flag(help: "Every secret that rotates.")
    var all = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (self.name != nil) != self.all else { throw ValidationError("give a NAME or --all") }
    }

    func run() async throws {
        try await self.connection.withClient { client in
            var names = [self.name].compactMap { $0 }
            if self.all {
                let rotations = try await client.call("keyturn.ListRotations")
                names = rotations["Rotations"]?.arrayValue?.map { $0.cell("Name") } ?? []
            }
            var results: [JSONValue] = []
            for name in names {
                let answer = try await client.call("keyturn.ProbeSecret", ["SecretId": .string(name)])
                results.append(answer)
            }
            self.output.show(.array(results)) { json in
                var table = TextTable("SECRET", "AWSCURRENT", "ACCOUNT", "CAUSE")
                for result in json.arrayValue ?? [] {
                    let isProven = result["IsProof"]?.boolValue != false || result.cell("Outcome") != "accepted"
                    let outcome = result.cell("Outcome") + (isProven ? "" : " (proves nothing)")
                    table.add(result.cell("Name"), outcome, result.cell("Account"), result["Failure"]?.cell("Message") ?? "-")
                }
                return table.text
            }
            let bad = results.filter { $0.cell("Outcome") != "accepted" }
            if !bad.isEmpty {
                throw CommandError(
                    .failed,
                    "\(bad.count) of \(results.count) did not log in: \(bad.map { $0.cell("Name") }.joined(separator: ", "))",
                    next: "refused: someone changed the credential, see keyturn rotation show; unreachable proves nothing, try again"
                )
            }
        }
    }
}
