import AdminClient
import Foundation
import SecretModel

extension DaemonProcess {
    /// Runs `body` with a signed client in this process: a call costs no start of a program.
    ///
    /// - Parameter environment: Wins over the daemon's: the credentials of another user.
    func withClient<Result>(environment: [String: String] = [:], _ body: (APIClient) async throws -> Result) async throws -> Result {
        try await APIClient.with(
            ClientSettings(environment: self.environment.merging(environment) { _, new in new }),
            now: { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
            body
        )
    }
}
