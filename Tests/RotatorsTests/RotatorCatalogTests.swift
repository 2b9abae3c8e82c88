import Foundation
import RotationModel
import Rotators
import SecretModel
import TestSupport
import Testing

/// Which executables are rotators, and why the others are not (`rotator-protocol.md` §3).
@Suite(.timeLimit(.minutes(10)))
struct RotatorCatalogTests {
    private let fixture: ScriptFixture

    init() throws { self.fixture = try ScriptFixture() }

    private static let good = "#!/bin/sh\necho '\(ScriptFixture.manifest)'\n"

    @Test func `a script is found by its file name without extension, and says what it is`() async throws {
        try self.fixture.write(RotatorCatalogTests.good, to: "my-db.sh")
        try self.fixture.write("notes", to: "README.md", mode: 0o644)
        let manifests = await self.fixture.catalog.manifests()
        #expect(manifests.map(\.name.description) == ["my-db"])
        #expect(manifests.first?.strategy == .overlapping)
        #expect(manifests.first?.steps == [.createSecret, .setSecret, .testSecret, .retire])
        #expect(await self.fixture.catalog.problems().isEmpty)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let text: String
        var mode: Int32 = 0o755
        let reason: String
        var testDescription: String { self.reason }
    }

    @Test(arguments: [
        Bad(text: good, mode: 0o775, reason: "writable by its group or by others"),
        Bad(text: good, mode: 0o757, reason: "writable by its group or by others"),
        Bad(text: good, mode: 0o644, reason: "is not executable"),
        Bad(text: "#!/bin/sh\nexit 3\n", reason: "ended with exit status 3"),
        Bad(text: "#!/bin/sh\necho hello\n", reason: "invalid JSON"),
        Bad(text: "#!/no/such/interpreter\n", reason: "ended with exit status"),
        Bad(text: #"#!/bin/sh\#necho '{"protocols":["other/v9"],"steps":["setSecret","testSecret"]}'"#, reason: "keyturn.rotator/v1"),
        Bad(text: #"#!/bin/sh\#necho '{"protocols":["keyturn.rotator/v1"],"steps":["testSecret"]}'"#, reason: "must include setSecret"),
    ])
    func `a file that may not be trusted or cannot say what it is stays unused, with the reason`(_ bad: Bad) async throws {
        try self.fixture.write(bad.text, to: "bad", mode: bad.mode)
        let name = try #require(RotatorName("bad"))
        #expect(await self.fixture.catalog.rotator(named: name) == nil)
        let problems = await self.fixture.catalog.problems()
        #expect(problems.count == 1 && problems.first?.reason.contains(bad.reason) == true, "\(problems)")
    }

    @Test func `a directory that others may write to is not trusted`() async throws {
        try self.fixture.write(RotatorCatalogTests.good, to: "demo")
        #expect(chmod(self.fixture.directory.path, 0o777) == 0)
        #expect(await self.fixture.catalog.manifests().isEmpty)
        #expect(chmod(self.fixture.directory.path, 0o700) == 0)
        #expect(await self.fixture.catalog.manifests().count == 1)
    }

    @Test func `a sidecar replaces describe: no code runs`() async throws {
        try self.fixture.write("#!/bin/sh\ntouch \(self.fixture.work.path(of: "ran"))\n", to: "quiet")
        try self.fixture.write(ScriptFixture.manifest, to: "quiet.rotator.json", mode: 0o644)
        #expect(await self.fixture.catalog.manifests().map(\.name.description) == ["quiet"])
        #expect(!FileManager.default.fileExists(atPath: self.fixture.work.path(of: "ran")))
    }

    @Test func `describe is asked again only when the file changes`() async throws {
        let count = self.fixture.work.path(of: "count")
        try self.fixture.write("#!/bin/sh\necho x >>\(count)\necho '\(ScriptFixture.manifest)'\n", to: "demo")
        for _ in 1...3 { #expect(await self.fixture.catalog.manifests().count == 1) }
        #expect(try readFile(count) == "x\n")
        try self.fixture.write("#!/bin/sh\necho y >>\(count)\necho '\(ScriptFixture.manifest)'\n# changed\n", to: "demo")
        #expect(await self.fixture.catalog.manifests().count == 1)
        #expect(try readFile(count) == "x\ny\n")
    }

    @Test func `the first directory wins, and the other file is told`() async throws {
        let second = try ScratchDirectory("rotators")
        try self.fixture.write(RotatorCatalogTests.good, to: "demo")
        try second.write(RotatorCatalogTests.good, to: "demo")
        #expect(chmod(second.path(of: "demo"), 0o755) == 0)
        let catalog = RotatorCatalog(directories: [self.fixture.directory.path, second.path, "/no/such/directory"])
        #expect(await catalog.manifests().map(\.origin) == [self.fixture.directory.path(of: "demo")])
        #expect(await catalog.problems().map(\.kind) == [.shadowed])
    }
}
