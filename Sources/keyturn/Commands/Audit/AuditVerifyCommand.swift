import AdminClient
import ArgumentParser
import Daemon
import SecretModel

struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies that no audit record was changed, taken out, reordered or cut off.",
        discussion: """
            Prints the head of the trail at the end. Noted elsewhere and given with --head at a later time, it shows too that the
            whole store was not put back as it was before.

            Examples:
              keyturn audit verify
              keyturn audit verify --head 4711:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            """
    )

    @Option(help: "SEQUENCE:HASH, as an earlier verification printed it.")
    var head: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let noted = try self.notedHead()
        let (last, checked) = try await self.connection.withClient { client in
            var checked: Int64 = 0
            var position: [JSONValue.Member] = []
            while true {
                let answer = try await client.call("keyturn.VerifyAuditTrail", .object(position + noted))
                checked += answer["Checked"]?.integerValue ?? 0
                guard let next = answer["Next"], let sequence = next["Sequence"], let hash = next["Hash"] else { return (answer, checked) }
                position = [.init("AfterSequence", sequence), .init("AfterHash", hash)]
                Self.tellProgress(checked, of: answer["Head"])
            }
        }
        self.output.show(last.setting("Checked", to: .integer(checked))) { Self.text($0) }
        guard last["Finding"] == nil else { throw ExitCode(CommandError.Code.failed.rawValue) }
    }

    private func notedHead() throws -> [JSONValue.Member] {
        guard let head = self.head else { return [] }
        let parts = head.split(separator: ":")
        guard parts.count == 2, let sequence = Int64(parts[0]) else { throw ValidationError("--head must be SEQUENCE:HASH") }
        return [.init("NotedSequence", .integer(sequence)), .init("NotedHash", .string(String(parts[1])))]
    }

    private static func tellProgress(_ checked: Int64, of head: JSONValue?) {
        let first = head?["FirstSequence"]?.integerValue ?? 1
        let total = (head?["LastSequence"]?.integerValue ?? 0) - first + 1
        StandardStream.error.line("\(checked) of \(total) records verified …")
    }

    private static func text(_ json: JSONValue) -> String {
        let checked = json["Checked"]?.integerValue ?? 0
        var lines: [String] = []
        if let finding = json["Finding"] {
            lines.append("✗ \(finding.cell("Message"))")
            if checked > 0 { lines.append("  The \(checked) records before that are as they were written.") }
        } else {
            lines.append("✓ \(checked) records are as they were written.")
        }
        if let unchained = json["Unchained"]?.integerValue, unchained > 0 {
            lines.append("  \(unchained) older records are from before there was a chain: nothing is known of them.")
        }
        if let head = json["Head"] {
            lines.append("  The chain began at \(head.date("StartedAt")); its first record now is \(head.cell("FirstSequence")).")
            lines.append("  head \(head.cell("LastSequence")):\(head.cell("Hash"))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
