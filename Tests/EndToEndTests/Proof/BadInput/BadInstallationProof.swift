import Foundation
import TestSupport
import Testing

/// What is wrong with an installation, a configuration or a rules file is refused with the typed exit code and with words that say what, why
/// and what next; no file is changed.
@Suite(.timeLimit(.minutes(10))) struct BadInstallationProof {
    /// One way to spoil an installation, and what `keyturn serve` must say.
    struct Damage: Sendable {
        let name: String
        var exitCode: Int32 = 78
        let words: [String]
        /// Gets the data directory.
        let spoil: @Sendable (String) async throws -> Void
    }

    private static let damages: [Damage] = [
        Damage(name: "store/a-text", words: ["keyturn.db is not a store of Keyturn's", "not an SQLite database"]) {
            try Data("no database".utf8).write(to: URL(filePath: $0 + "/keyturn.db"))
        },
        Damage(name: "store/of-another-program", words: ["is not a store of Keyturn's", "another program"]) {
            try FileManager.default.removeItem(atPath: $0 + "/keyturn.db")
            let make = "import sqlite3, sys; store = sqlite3.connect(sys.argv[1]); store.execute('CREATE TABLE t (x)'); store.commit()"
            try await Tool.run(["python3", "-c", make, $0 + "/keyturn.db"])
        },
        Damage(name: "store/a-directory", words: ["is not a store of Keyturn's", "not a regular file"]) {
            try FileManager.default.removeItem(atPath: $0 + "/keyturn.db")
            try FileManager.default.createDirectory(atPath: $0 + "/keyturn.db", withIntermediateDirectories: false)
        },
        Damage(name: "store/cut-short", words: ["keyturn.db", "the store is damaged", "restore it from a backup"]) {
            let store = try FileHandle(forUpdating: URL(filePath: $0 + "/keyturn.db"))
            try store.truncate(atOffset: try store.seekToEnd() / 2)
            try store.close()
        },
        Damage(name: "store/overwritten-pages", words: ["keyturn.db", "the store is damaged", "restore it from a backup"]) {
            let store = try FileHandle(forUpdating: URL(filePath: $0 + "/keyturn.db"))
            let size = try store.seekToEnd()
            try store.seek(toOffset: 4_096)
            try store.write(contentsOf: Data(repeating: 0xa5, count: Int(size) - 4_096))
            try store.close()
        },
        Damage(name: "store/empty", words: ["keyturn.db is not a store of Keyturn's", "it is empty", "backup"]) {
            try Data().write(to: URL(filePath: $0 + "/keyturn.db"))
        },
        Damage(name: "root-key/missing", words: ["there is no root key", "recovery key"]) {
            try FileManager.default.removeItem(atPath: $0 + "/root.key")
        },
        Damage(name: "root-key/of-another-installation", words: ["the root key is not the one of this store"]) {
            let other = $0 + "-other"
            _ = try await Command.keyturn("init", "--data", other)
            try FileManager.default.removeItem(atPath: $0 + "/root.key")
            try FileManager.default.moveItem(atPath: other + "/root.key", toPath: $0 + "/root.key")
            try FileManager.default.removeItem(atPath: other)
        },
        Damage(name: "root-key/malformed", words: ["is not a root key", "32 bytes in base64"]) {
            try Data("keyturn-root-key-v1:AAAA\n".utf8).write(to: URL(filePath: $0 + "/root.key"))
            chmod($0 + "/root.key", 0o600)
        },
        Damage(name: "root-key/open-to-others", words: ["0640", "chmod 0600"]) { chmod($0 + "/root.key", 0o640) },
        Damage(name: "authority/missing", words: ["ca-key.pem", "No such file"]) {
            try FileManager.default.removeItem(atPath: $0 + "/ca-key.pem")
        },
        Damage(name: "data/open-to-others", words: ["0755", "chmod 0700"]) { chmod($0, 0o755) },
        Damage(name: "configuration/unknown-key", words: ["keyturn.yaml:1:1", "unknown key \"lisen\"", "did you mean \"listen\""]) {
            try Self.configure($0, "lisen: 127.0.0.1:0")
        },
        Damage(name: "configuration/syntax", words: ["keyturn.yaml:2:"]) { try Self.configure($0, "listen: 127.0.0.1:0\n\t- [") },
        Damage(name: "configuration/wrong-type", words: ["keyturn.yaml:1:", "rotation.max_concurrent"]) {
            try Self.configure($0, "rotation: {max_concurrent: many}")
        },
        Damage(name: "configuration/not-utf-8", words: ["keyturn.yaml is not UTF-8 text"]) {
            try Data([0xff, 0xfe, 0x00]).write(to: URL(filePath: $0 + "/keyturn.yaml"))
        },
        Damage(name: "configuration/sink-secret-missing", words: ["sink web", "No such file"]) {
            try Self.configure($0, Self.sink($0 + "/nowhere"))
        },
        Damage(name: "configuration/sink-secret-open-to-others", words: ["sink web", "0644", "chmod 0600"]) {
            try Data(("whsec_" + Data(repeating: 7, count: 32).base64EncodedString()).utf8).write(to: URL(filePath: $0 + "/whsec"))
            chmod($0 + "/whsec", 0o644)
            try Self.configure($0, Self.sink($0 + "/whsec"))
        },
        Damage(name: "configuration/sink-secret-malformed", words: ["sink web", "whsec_"]) {
            try Data("secret".utf8).write(to: URL(filePath: $0 + "/whsec"))
            chmod($0 + "/whsec", 0o600)
            try Self.configure($0, Self.sink($0 + "/whsec"))
        },
    ]

    private static func configure(_ data: String, _ text: String) throws {
        try Data((text + "\n").utf8).write(to: URL(filePath: data + "/keyturn.yaml"))
    }

    private static func sink(_ file: String) -> String {
        "alerting: {sinks: [{name: web, type: webhook, url: \"http://127.0.0.1:9/\", signing_secret_file: \(file)}]}"
    }

    @Test func aSpoiledInstallationIsRefusedAndLeftAsItIs() async throws {
        let scratch = try ScratchDirectory("bad")
        let good = scratch.path(of: "good")
        let made = try await Command.keyturn("init", "--data", good)
        try #require(made.exitCode == 0, "\(made.errors)")
        for damage in Self.damages {
            await Proof.case("bad-input/\(damage.name)") {
                let data = scratch.path(of: "data")
                try FileManager.default.copyItem(atPath: good, toPath: data)
                defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: data) } }
                try await damage.spoil(data)
                let before = try Self.files(of: data)
                let result = try await Command.keyturn("serve", "--data", data, "--listen", "127.0.0.1:0")
                try Proof.expect(result.exitCode == damage.exitCode, "exit code \(result.exitCode): \(result.errors)")
                try Proof.expect(result.errors.hasPrefix("error: "), result.errors)
                for word in damage.words { try Proof.expect(result.errors.contains(word), "not said: \(word), but \(result.errors)") }
                try Proof.expect(try Self.files(of: data) == before, "files were changed")
            }
        }
        await Proof.case("bad-input/data/missing") {
            let result = try await Command.keyturn("serve", "--data", scratch.path(of: "nowhere"))
            try Proof.expect(result.exitCode == 78 && result.errors.contains("keyturn init --data"), result.errors)
        }
        await Proof.case("bad-input/init/not-over-data") {
            let before = try Self.files(of: good)
            let result = try await Command.keyturn("init", "--data", good)
            try Proof.expect(result.exitCode == 78 && result.errors.contains("never made over existing data"), result.errors)
            try Proof.expect(try Self.files(of: good) == before, "files were changed")
        }
    }

    /// Content of each file, without what SQLite and the lock keep beside the store while it is open.
    private static func files(of data: String) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: data).filter {
            !$0.hasPrefix("keyturn.db-") && $0 != "keyturn.db.lock"
        }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: "\(data)/\($0)") ?? Data()) })
    }

    /// Of several inits at once one makes the installation, and its keys are the ones of the store.
    @Test func ofTwoInitsAtOnceOneMakesTheInstallation() async throws {
        let scratch = try ScratchDirectory("inits")
        await Proof.case("bad-input/init/several-at-once") {
            for round in 0..<(Proof.isLong ? 20 : 3) {
                let data = scratch.path(of: "data-\(round)")
                let results = try await withThrowingTaskGroup(of: Command.self) { group in
                    for _ in 0..<4 { group.addTask { try await Command.keyturn("init", "--data", data) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let codes = results.map(\.exitCode).sorted()
                try Proof.expect(codes.first == 0 && codes.dropFirst().allSatisfy { [69, 78].contains($0) }, "exit codes \(codes)")
                let key = results.first { $0.exitCode == 0 }?.output.firstMatch(of: /AWS_ACCESS_KEY_ID=(AKIA[A-Z2-7]{16})/)?.1
                let daemon = try await DaemonProcess(data: data)
                try Proof.expect(daemon.environment["AWS_ACCESS_KEY_ID"] == key.map(String.init), "the key that was shown is another")
                try await daemon.stop()
            }
        }
    }

    @Test func wrongRulesAreRefusedWithTheirPlaceAndChangeNothing() async throws {
        let daemon = try await DaemonProcess.shared()
        let scratch = try ScratchDirectory("rules")
        let head = "apiVersion: keyturn/v1\nsecrets:\n"
        let files: [(name: String, text: String?, words: [String])] = [
            (
                "unknown-key", head + "  - name: bad/app\n    rotaton: {}\n",
                ["rules.yaml:4:5: unknown key \"rotaton\"", "did you mean \"rotation\"?"]
            ),
            ("syntax", head + "  - {name: [\n", ["rules.yaml:"]),
            ("empty", "", ["rules.yaml"]),
            ("missing-version", "secrets: []\n", ["rules.yaml:", "apiVersion"]),
            (
                "wrong-schedule",
                head + "  - {name: bad/app, rotation: {rotator: postgres-single-user, schedule: \"cron(0 25 * * ? *)\"}}\n",
                ["rules.yaml:3:"]
            ),
            (
                "no-such-rotator",
                head + "  - {name: bad/app, template: {engine: postgres}, rotation: {rotator: postgre-single-user, every: 1d}}\n",
                ["there is no rotator postgre-single-user", "postgres-single-user"]
            ),
            ("twice", head + "  - {name: bad/app}\n  - {name: bad/app}\n", ["rules.yaml:4:", "stands twice"]),
            ("missing-file", nil, ["rules.yaml", "No such file"]),
        ]
        for (name, text, words) in files {
            await Proof.case("bad-input/rules/\(name)") {
                let file = scratch.path(of: "rules.yaml")
                if let text { try scratch.write(text, to: "rules.yaml") } else { try FileManager.default.removeItem(atPath: file) }
                let result = try await Command.run(
                    [Command.keyturn, "apply", "-f", file, "--auto-approve"],
                    environment: daemon.environment
                )
                try Proof.expect([1, 78].contains(result.exitCode), "exit code \(result.exitCode): \(result.errors)")
                for word in words { try Proof.expect(result.errors.contains(word), "not said: \(word), but \(result.errors)") }
                let described = try await Command.run([Command.keyturn, "secret", "describe", "bad/app"], environment: daemon.environment)
                try Proof.expect(described.exitCode != 0, "a secret was made")
            }
        }
    }
}
