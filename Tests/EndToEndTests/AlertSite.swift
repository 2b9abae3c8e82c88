import Foundation
import SecretModel
import TestSupport

/// An installation with a webhook sink and a hook script, and a rotator whose target is a file.
struct AlertSite {
    let scratch: ScratchDirectory
    let data: String
    let received: String
    let hooked: String
    let port: Int
    let target: FileTarget
    let rotators: String

    /// - Parameter hook: What the hook script does first.
    init(hook: String = ":") async throws {
        self.scratch = try ScratchDirectory("alerts")
        self.data = self.scratch.path(of: "data")
        self.received = self.scratch.path(of: "received")
        self.hooked = self.scratch.path(of: "hooked")
        self.target = try FileTarget(self.scratch, password: "at-first")
        self.rotators = try FileTarget.rotators(self.scratch)
        self.port = try FreePort.next()
        try FileManager.default.createDirectory(
            atPath: self.data,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try self.scratch.write("whsec_" + Data((0..<32).map { UInt8($0) }).base64EncodedString(), to: "whsec")
        let script = try self.scratch.write("#!/bin/sh\n\(hook)\n(cat; echo) >> \(self.hooked)\n", to: "hook")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
        try self.scratch.write(
            """
            alerting:
              sinks:
                - {name: web, type: webhook, url: "http://127.0.0.1:\(self.port)/", signing_secret_file: \(self.scratch.path(of: "whsec"))}
                - {name: hook, type: exec, command: \(script)}
            """,
            to: "data/keyturn.yaml"
        )
    }

    /// The webhook's receiver, for as long as the test keeps it.
    func startReceiver() throws -> ServerProcess {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/receiver.py").path
        return try ServerProcess(
            "receiver",
            command: ["/usr/bin/env", "python3", script, "\(self.port)", self.received],
            as: nil,
            scratch: self.scratch,
            stopSignal: "TERM"
        )
    }

    /// The events that one sink got, `(name, status)` of the alert in each.
    func events(of path: String) throws -> [JSONValue] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try readFile(path).split(separator: "\n").map { line in
            let json = try JSONValue(parsing: String(line))
            return try json["body"]?.stringValue.map { try JSONValue(parsing: $0) } ?? json
        }
    }

    func summary(of path: String) throws -> [String] {
        try self.events(of: path).map { event in
            let alert = event["data"]?["alert"]
            return "\(alert?["name"]?.stringValue ?? "?") \(alert?["status"]?.stringValue ?? "?")"
        }
    }
}
