import AdminClient
import ArgumentParser
import Daemon
import Foundation
import SecretModel

/// Where the daemon is: the variables of the AWS tools, or flags.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "URL of the daemon (default: AWS_ENDPOINT_URL).")
    var endpoint: String?

    @Option(help: "Region (default: AWS_DEFAULT_REGION).")
    var region: String?

    @Option(help: "PEM file of the certificate authority to trust (default: AWS_CA_BUNDLE).")
    var caBundle: String?

    /// Runs `body` with a client.
    func withClient<Result>(_ body: (APIClient) async throws -> Result) async throws -> Result {
        let settings = try ClientSettings(
            environment: ProcessInfo.processInfo.environment,
            endpoint: self.endpoint,
            region: self.region,
            caFile: self.caBundle
        )
        return try await APIClient.with(settings, now: SystemClock.now, body)
    }

    /// One call.
    func call(_ target: String, _ input: JSONValue = [:], deadline: Duration = .seconds(60)) async throws -> JSONValue {
        try await self.withClient { try await $0.call(target, input, deadline: deadline) }
    }
}
