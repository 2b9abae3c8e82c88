import Access
import Encryption
import SecretModel
import Storage
import TestSupport

/// An installation that `keyturn init` made, which a benchmark fills behind the daemon's back.
struct BenchInstallation: Sendable {
    let directory: String
    /// The program `keyturn`.
    let program: String
    let administratorKey: AccessKey

    var storePath: String { "\(self.directory)/keyturn.db" }
    var authorityCertificate: String { "\(self.directory)/ca.pem" }
    /// Certificate and key of the daemon, once it has run.
    var serverIdentity: String { "\(self.directory)/server.pem" }

    static func make(in directory: String, keyturn program: String) async throws -> BenchInstallation {
        let output = try await Tool.run([program, "init", "--data", directory])
        func value(_ name: String) throws -> String {
            guard let line = output.split(separator: "\n").first(where: { $0.contains("\(name)=") }),
                let text = line.split(separator: "=").last
            else { throw FixtureError("keyturn init shows no \(name)") }
            return String(text)
        }
        return BenchInstallation(
            directory: directory,
            program: program,
            administratorKey: AccessKey(
                id: try value("AWS_ACCESS_KEY_ID"),
                secret: SecretValue(string: try value("AWS_SECRET_ACCESS_KEY"))
            )
        )
    }

    /// Where its secrets live.
    static var scope: SecretScope {
        get throws {
            guard let region = RegionName("eu-west-1") else { throw FixtureError("eu-west-1 is no region") }
            return SecretScope(account: .initial, region: region)
        }
    }

    /// Runs `body` on the store of an installation, while no daemon runs on it.
    static func open<Result>(_ directory: String, _ body: (Store, Keyring) async throws -> Result) async throws -> Result {
        let rootKey = try RootKey.load(from: "\(directory)/root.key")
        let store = try await Store.open(path: "\(directory)/keyturn.db")
        let keys = try await store.read { try $0.keys() }
        let keyring = try Keyring(
            unwrapping: keys.map { WrappedKey(id: $0.id, bytes: $0.wrapped, isDefault: $0.isDefault) },
            rootKey: rootKey
        )
        let result = try await body(store, keyring)
        try store.close()
        return result
    }
}
