import Foundation
import TestSupport
import Testing

/// `keyturn init`, and what `keyturn serve` refuses.
@Suite struct InstallationTests {
    let scratch: ScratchDirectory
    let data: String

    init() throws {
        self.scratch = try ScratchDirectory("init")
        self.data = self.scratch.path(of: "data")
    }

    private func files() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: self.data).filter {
            !$0.hasPrefix("keyturn.db-") && $0 != "keyturn.db.lock"
        }
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(self.data)/\($0)"))) }
        )
    }

    /// Runs `keyturn serve`, which must refuse and leave every file as it was.
    private func refusal(_ arguments: String...) async throws -> Command {
        let before = try self.files()
        let result = try await Command.run([Command.keyturn, "serve", "--data", self.data] + arguments)
        #expect(try self.files() == before, "nothing is changed")
        #expect(result.errors.hasPrefix("error: "))
        return result
    }

    @Test func `init makes private files and shows both keys once`() async throws {
        let made = try await Command.keyturn("init", "--data", self.data)
        #expect(made.exitCode == 0)
        #expect(made.output.contains(/AWS_ACCESS_KEY_ID=AKIA[A-Z2-7]{16}\n/))
        #expect(made.output.contains(/AWS_SECRET_ACCESS_KEY=[A-Za-z0-9]{40}\n/))
        #expect(made.output.contains("Recovery key"))
        #expect(try self.mode(self.data) == 0o700)
        for name in try FileManager.default.contentsOfDirectory(atPath: self.data) {
            #expect(try self.mode("\(self.data)/\(name)") == 0o600, "\(name)")
        }
        let authority = try await Command.keyturn("ca", "--data", self.data)
        #expect(authority.output == (try readFile("\(self.data)/ca.pem")))
    }

    @Test func `a lost root key comes back from the recovery key, and from nothing else`() async throws {
        let made = try await Command.keyturn("init", "--data", self.data)
        let shown = try #require(
            made.output.split(separator: "\n").first { $0.contains("Recovery key, shown") }.flatMap { line in
                made.output.split(separator: "\n").drop { $0 != line }.dropFirst().first
            }
        )
        let recovery = try self.scratch.write(shown.trimmingCharacters(in: .whitespaces) + "\n", to: "recovery")
        let other = try self.scratch.write("AAAA-BBBB\n", to: "other")
        let key = try readFile("\(self.data)/root.key")
        let recover = "\(Command.keyturn) key recover --data \(self.data)"
        let over = try await Command.run(["sh", "-c", "\(recover) < \(recovery)"])
        #expect(over.exitCode == 78, "a key is never written over another")
        try FileManager.default.removeItem(atPath: "\(self.data)/root.key")
        let wrong = try await Command.run(["sh", "-c", "\(recover) < \(other)"])
        #expect(wrong.exitCode == 78)
        #expect(!FileManager.default.fileExists(atPath: "\(self.data)/root.key"))
        let right = try await Command.run(["sh", "-c", "\(recover) < \(recovery)"])
        #expect(right.exitCode == 0, "\(right.errors)")
        #expect(try readFile("\(self.data)/root.key") == key)
        #expect(try self.mode("\(self.data)/root.key") == 0o600)
    }

    @Test func `init never writes over existing data`() async throws {
        _ = try await Command.keyturn("init", "--data", self.data)
        let before = try self.files()
        let again = try await Command.keyturn("init", "--data", self.data)
        #expect(again.exitCode == 78)
        #expect(again.errors.contains("a key is never made over existing data"))
        #expect(try self.files() == before)
    }

    @Test func `an init that fails leaves nothing`() async throws {
        let missing = try await Command.keyturn("init", "--data", self.scratch.path(of: "missing/data"))
        #expect(missing.exitCode == 78)
        try FileManager.default.createDirectory(atPath: self.data, withIntermediateDirectories: false)
        #expect(chmod(self.data, 0o755) == 0)
        let open = try await Command.keyturn("init", "--data", self.data)
        #expect(open.errors.contains("chmod 0700"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.data).isEmpty)
    }

    @Test func `serve refuses plain HTTP beyond this machine, and a store that is in use`() async throws {
        let daemon = try await DaemonProcess(data: self.data)
        let open = try await self.refusal("--plain-http", "--listen", "0.0.0.0:0")
        #expect(open.exitCode == 78)
        #expect(open.errors.contains("plain HTTP is refused"))
        let inUse = try await self.refusal()
        #expect(inUse.exitCode == 69)
        #expect(inUse.errors.contains("another process uses the store"))
        try await daemon.process.stop()
    }

    @Test func `serve says which address is taken`() async throws {
        let daemon = try await DaemonProcess()
        let address = try #require(daemon.environment["AWS_ENDPOINT_URL"]).replacing("https://", with: "")
        _ = try await Command.keyturn("init", "--data", self.data)
        let result = try await Command.keyturn("serve", "--data", self.data, "--listen", address)
        #expect(result.exitCode == 69)
        #expect(result.errors.contains("cannot listen on \(address): Address already in use"))
        try await daemon.process.stop()
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}
