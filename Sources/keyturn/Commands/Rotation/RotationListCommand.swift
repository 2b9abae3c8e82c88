import ArgumentParser
import SecretModel

struct RotationListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the secrets that rotate.",
        discussion: """
            Examples:
              keyturn rotation list
              keyturn rotation list --output json
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await self.connection.call("keyturn.ListRotations")
        self.output.show(answer) { json in
            var table = TextTable("SECRET", "STRATEGY", "STATE", "VERSIONS", "LAST ROTATION", "NEXT ROTATION", "LOGIN GAP", "FAILURE")
            for rotation in json["Rotations"]?.arrayValue ?? [] {
                table.add(
                    rotation.cell("Name"),
                    rotation.cell("Strategy"),
                    rotation.cell("State"),
                    Self.versions(rotation),
                    rotation.date("LastRotatedDate"),
                    rotation.date("NextRotationDate"),
                    Self.gap(rotation),
                    rotation["Failure"]?.cell("Code") ?? "-"
                )
            }
            return table.text
        }
    }

    /// The first characters of each version's id, with its labels.
    private static func versions(_ rotation: JSONValue) -> String {
        let versions = (rotation["VersionIdsToStages"]?.members ?? []).map { member in
            let labels = member.value.arrayValue?.compactMap(\.stringValue) ?? []
            return "\(member.name.prefix(8))=\(labels.map { $0.hasPrefix("AWS") ? String($0.dropFirst(3)) : $0 }.joined(separator: "+"))"
        }
        return versions.isEmpty ? "-" : versions.joined(separator: " ")
    }

    private static func gap(_ rotation: JSONValue) -> String {
        rotation["LoginGapMs"].map { "\($0.text) ms" } ?? "-"
    }
}
