import Access
import Foundation
import SecretModel
import TestSupport

/// A user who may read the benchmark's secrets because a policy says so, not because everything is allowed.
enum BenchReader {
    private static let name = "reader"

    /// Makes the user through the daemon's own command line.
    ///
    /// - Parameter scratch: A directory for the policy's text.
    static func make(in installation: BenchInstallation, of daemon: RunningDaemon, scratch: String) async throws -> AccessKey {
        let environment = [
            "AWS_ENDPOINT_URL": daemon.endpoint, "AWS_DEFAULT_REGION": "\(try BenchInstallation.scope.region)",
            "AWS_ACCESS_KEY_ID": installation.administratorKey.id,
            "AWS_SECRET_ACCESS_KEY": installation.administratorKey.secret.string ?? "",
            "AWS_CA_BUNDLE": installation.authorityCertificate,
        ]
        func keyturn(_ words: String...) async throws -> String {
            try await Tool.run([installation.program] + words, environment: environment)
        }
        let document = "\(scratch)/reader.json"
        try Self.policy.write(toFile: document, atomically: true, encoding: .utf8)
        _ = try await keyturn("user", "create", Self.name)
        _ = try await keyturn("policy", "attach", "own-secrets", "--user", Self.name, "--document", document)
        let key = try JSONValue(parsing: try await keyturn("user", "key", "create", Self.name, "--output", "json"))
        guard let id = key["AccessKeyId"]?.stringValue, let secret = key["SecretAccessKey"]?.stringValue else {
            throw FixtureError("keyturn user key create shows no key")
        }
        return AccessKey(id: id, secret: SecretValue(string: secret))
    }

    /// A statement that decides, one that does not fit, and a condition that has to be looked at.
    private static let policy = """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:*:*:secret:scale-*",
           "Condition": {"StringEqualsIfExists": {"secretsmanager:VersionStage": "AWSCURRENT"}}},
          {"Effect": "Deny", "Action": "secretsmanager:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}}
        ]}
        """
}
