import AWSAPI
import Auditing
import SecretModel
import Storage

/// Walks the chain of audit records a part of the way: so many records a call, so that whoever asks sees how far it is.
struct VerifyAuditTrail: APIOperation {
    let parts: OperationParts
    let target = "keyturn.VerifyAuditTrail"
    let members: [MemberRule] = [
        .number("AfterSequence", 0 ... .max), .text("AfterHash", 64...64), .number("NotedSequence", 1 ... .max),
        .text("NotedHash", 64...64), .number("MaxRecords", 1...100_000),
    ]
    let access = AccessRule.everything

    private static let recordsPerCall = 20_000

    func respond(to input: APIInput, _: CallContext) async throws(APIError) -> JSONValue {
        let verifier = AuditVerifier(store: self.parts.store, trail: self.parts.trail)
        let start = try Self.link(input, "After")
        let noted = try Self.link(input, "Noted")
        let limit = input.integer("MaxRecords") ?? Self.recordsPerCall
        let progress = try await inWords { try await verifier.verify(from: start, noted: noted, limit: limit) }
        return .output(
            ("Checked", .integer(progress.checked)),
            ("Unchained", .integer(progress.unchained)),
            ("Next", progress.next.map { ["Sequence": .integer($0.sequence), "Hash": .string($0.hash.hexadecimal)] }),
            ("Finding", progress.finding.map(Self.json)),
            ("Head", progress.head.map(Self.json))
        )
    }

    private static func link(_ input: APIInput, _ prefix: String) throws(APIError) -> AuditLink? {
        guard let sequence = input.integer("\(prefix)Sequence"), let text = input.string("\(prefix)Hash") else { return nil }
        guard let hash = [UInt8](hexadecimal: text) else {
            throw APIError(.invalidParameter, "\(prefix)Hash must be 64 hexadecimal digits.")
        }
        return AuditLink(sequence: Int64(sequence), hash: hash)
    }

    private static func json(_ finding: AuditFinding) -> JSONValue {
        .output(
            ("Kind", .string(finding.kind)),
            ("Sequence", finding.sequence.map(JSONValue.integer)),
            ("Message", .string(finding.description))
        )
    }

    private static func json(_ head: AuditHead) -> JSONValue {
        [
            "FirstSequence": .integer(head.first), "LastSequence": .integer(head.last), "Hash": .string(head.hash.hexadecimal),
            "StartedAt": .date(head.startedAt),
        ]
    }
}
