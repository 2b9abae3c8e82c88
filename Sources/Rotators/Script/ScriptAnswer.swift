import RotationModel
import SecretModel

/// A script's answer with status `ok`.
struct ScriptAnswer {
    /// As the script wrote it: it may hold the created value, so it goes no further.
    let json: JSONValue
    /// What may be stored and shown.
    let report: StepReport

    private static let greatestState = 16 * 1_024

    init(verb: ScriptVerb, json: JSONValue, redactor: ScriptRedactor) throws(RotationFailure) {
        let state = json["state"]
        if let state, state.bytes.count > ScriptAnswer.greatestState {
            throw RotationFailure(
                .protocolError,
                "\(verb.rawValue) answered with more than 16 KiB of state.",
                hint: "Correct the rotator.",
                applied: verb == .setSecret ? .yes : .no
            )
        }
        self.json = json
        self.report = StepReport(
            account: json["facts"]?["user"]?.stringValue.map(redactor.redact),
            message: json["message"]?.stringValue.map(redactor.redact),
            warnings: (json["warnings"]?.arrayValue ?? []).compactMap(\.stringValue).map(redactor.redact),
            state: state
        )
    }

    /// The value that createSecret made, so that it can be taken out of everything else that the script wrote.
    static func createdValue(in output: [UInt8]) -> [(name: String, value: SecretValue)] {
        do {
            let json = try JSONValue(parsing: output)
            if let text = json["string"]?.stringValue { return [("created", SecretValue(string: text))] }
            if let bytes = json["binary"]?.stringValue.flatMap(Base64.decode) { return [("created", SecretValue(binary: bytes))] }
            return []
        } catch {
            // No answer, no value; what is wrong with it is said where the answer is read.
            return []
        }
    }
}
