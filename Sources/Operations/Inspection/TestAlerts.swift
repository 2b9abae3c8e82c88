import AWSAPI
import Alerting
import SecretModel

/// Sends a test event to one sink or to all, and says how each answered.
struct TestAlerts: APIOperation {
    let parts: OperationParts
    let target = "keyturn.TestAlerts"
    let members = [MemberRule.text("Sink", 1...128)]
    let access = AccessRule.everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let known = await self.parts.alerts.sinkNames
        let wanted = input.string("Sink")
        if let wanted, !known.contains(wanted) {
            throw APIError(.invalidParameter, "There is no sink \"\(wanted)\"; known are: \(known.joined(separator: ", ")).")
        }
        var results: [JSONValue] = []
        for sink in known where wanted == nil || wanted == sink {
            do {
                guard let report = try await self.parts.alerts.test(sink: sink) else { continue }
                results.append(self.json(report))
            } catch {
                throw APIError(internal: String(describing: error))
            }
        }
        return ["Results": .array(results)]
    }

    private func json(_ report: AlertDelivery.TestReport) -> JSONValue {
        let (isDelivered, message) =
            switch report.result {
            case .accepted(let answer): (true, answer)
            case .failed(let reason, _, _), .refused(let reason): (false, reason)
            }
        return [
            "Sink": .string(report.sink),
            "IsDelivered": .bool(isDelivered),
            "DurationMs": RunJSON.milliseconds(report.latency.wholeMicroseconds),
            "Message": .string(message),
        ]
    }
}
