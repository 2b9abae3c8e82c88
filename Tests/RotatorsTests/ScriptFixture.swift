import Foundation
import Logging
import RotationModel
import Rotators
import SecretModel
import Synchronization
import TestSupport

/// A rotators directory of its own, a catalogue that reads it, and what scripts logged.
final class ScriptFixture: Sendable {
    let directory: ScratchDirectory
    let work: ScratchDirectory
    let catalog: RotatorCatalog
    let log = RecordedLog()

    init() throws {
        self.directory = try ScratchDirectory("rotators")
        self.work = try ScratchDirectory("work")
        self.catalog = RotatorCatalog(
            directories: [self.directory.path],
            environment: ScriptEnvironment(workRoot: self.work.path)
        )
    }

    /// Writes a shell script whose verbs other than describe run `body`.
    func script(_ body: String, manifest: String = ScriptFixture.manifest, name: String = "demo") async throws -> any Rotator {
        try self.write("#!/bin/sh\ncase $1 in describe) echo '\(manifest)'; exit 0;; esac\n\(body)\n", to: name)
        return try await self.rotator(name)
    }

    func rotator(_ name: String) async throws -> any Rotator {
        guard let name = RotatorName(name), let rotator = await self.catalog.rotator(named: name) else {
            throw FixtureError("no rotator: \(await self.catalog.problems())")
        }
        return rotator
    }

    func write(_ text: String, to name: String, mode: Int32 = 0o755) throws {
        try self.directory.write(text, to: name)
        guard chmod(self.directory.path(of: name), mode_t(mode)) == 0 else { throw FixtureError("cannot chmod \(name)") }
    }

    static let manifest = #"{"protocols":["keyturn.rotator/v1"],"steps":["setSecret","testSecret","retire"],"strategies":["overlapping"]}"#

    static let password = "s3cret+Pa/ss&word?"

    func context(
        current: String? = #"{"host":"db.example","port":5432,"username":"app","password":"the-old-one"}"#,
        pending: String? = #"{"host":"db.example","port":5432,"username":"app","password":"s3cret+Pa/ss&word?"}"#,
        previous: String? = nil,
        admin: String? = nil,
        options: [String: String] = [:],
        within limit: Duration = .seconds(60)
    ) throws -> StepContext {
        guard let secret = SecretARN("arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/app-AbCdEf"),
            let run = VersionID("11111111-2222-4333-8444-555555555555")
        else { throw FixtureError("bad names") }
        return StepContext(
            secret: secret,
            run: run,
            current: current.map(SecretValue.init(string:)),
            pending: pending.map(SecretValue.init(string:)),
            previous: previous.map(SecretValue.init(string:)),
            admin: admin.map(SecretValue.init(string:)),
            settings: RotatorSettings(options: options),
            deadline: .now + limit,
            logger: self.log.logger
        )
    }
}

/// Keeps what is logged, for tests that look for values in it.
final class RecordedLog: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { self.recorded.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private func append(_ line: String) { self.recorded.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.log.append("\(event.level) \(event.message) \(event.metadata ?? [:])")
        }
    }
}
