import AdminClient
import Foundation
import SecretModel

extension DaemonProcess {
    /// Runs `body` with a signed client in this process: a call costs no start of a program.
    func withClient<Result>(_ body: (APIClient) async throws -> Result) async throws -> Result {
        try await APIClient.with(
            ClientSettings(environment: self.environment),
            now: { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
            body
        )
    }
}
