import Processes
import SecretModel

/// Delivers to an executable (`alerting.md` §4.7): the event on stdin, a few facts in a built environment. Exit 0 is accepted, 75 is tried
/// again, anything else too, but only a few times.
struct ExecTransport: SinkTransport {
    let path: String

    private static let timeout: Duration = .seconds(30)

    func deliver(_ notification: Notification) async -> DeliveryResult {
        let child = ChildProcess(
            executable: self.path,
            arguments: [],
            environment: ExecTransport.environment(of: notification),
            workingDirectory: "/",
            input: Array(notification.body.utf8)
        )
        do throws(ChildProcess.Failure) {
            switch try await child.run(until: .now + ExecTransport.timeout).ending {
            case .exited(0): return .accepted("exit status 0")
            case .exited(75): return .failed("exit status 75: try again")
            case .exited(let status): return .failed("exit status \(status)", isCounted: true)
            case .signalled(let signal): return .failed("killed by signal \(signal)", isCounted: true)
            case .timedOut: return .failed("took longer than 30 s and was ended", isCounted: true)
            case .outputTooLong: return .failed("wrote more than 256 KiB to stdout and was ended", isCounted: true)
            }
        } catch {
            switch error {
            case .notStarted(let reason): return .failed("cannot be run: \(reason)", isCounted: true)
            case .cancelled: return .failed("ended because the daemon stops")
            }
        }
    }

    static func environment(of notification: Notification) -> [String: String] {
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "KEYTURN_EVENT_ID": notification.id]
        do {
            let event = try JSONValue(parsing: notification.body)
            environment["KEYTURN_EVENT_TYPE"] = event["type"]?.stringValue
            environment["KEYTURN_SECRET_NAME"] = event["data"]?["secret"]?["name"]?.stringValue
            environment["KEYTURN_SEVERITY"] = event["data"]?["alert"]?["severity"]?.stringValue
            environment["KEYTURN_STATUS"] = event["data"]?["alert"]?["status"]?.stringValue
        } catch {
            // The body is our own; one that cannot be read still goes out on stdin, with the facts that need no reading.
            environment["KEYTURN_EVENT_TYPE"] = ""
        }
        return environment
    }
}
