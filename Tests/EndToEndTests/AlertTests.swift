import Foundation
import SecretModel
import TestSupport
import Testing

/// A rotation that fails is told, once per cause, and its success later too: to a webhook and to a hook script (I9).
@Suite(.timeLimit(.minutes(5))) struct AlertTests {
    private struct Site {
        let scratch: ScratchDirectory
        let data: String
        let received: String
        let hooked: String
        let port: Int
        let target: FileTarget
        let rotators: String

        init() async throws {
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
            let hook = try self.scratch.write("#!/bin/sh\n(cat; echo) >> \(self.hooked)\n", to: "hook")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: hook)
            try self.scratch.write(
                """
                alerting:
                  sinks:
                    - {name: web, type: webhook, url: "http://127.0.0.1:\(self.port)/", signing_secret_file: \(self.scratch.path(of: "whsec"))}
                    - {name: hook, type: exec, command: \(hook)}
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

    @Test func oneFiringAlertPerCauseAndOneResolutionReachBothSinks() async throws {
        let site = try await Site()
        let receiver = try site.startReceiver()
        let daemon = try await DaemonProcess(data: site.data, arguments: ["--rotators", site.rotators])
        try await self.failARotation(site, daemon)
        for path in [site.received, site.hooked] {
            try await eventually("the alert in \(path)", within: .seconds(60)) { try !site.events(of: path).isEmpty }
        }
        let shown = try await daemon.keyturn("rotation", "show", "app")
        let run = try #require(shown["Runs"]?.arrayValue?.first)
        #expect(run["State"]?.stringValue == "waiting")
        #expect(run["Failure"]?["Code"]?.stringValue == "target_unreachable")
        #expect(run["NextAttemptDate"] != nil)

        try site.target.clear("down")
        try await daemon.keyturn("rotation", "retry", "app")
        for path in [site.received, site.hooked] {
            try await eventually("the resolution in \(path)", within: .seconds(60)) {
                try site.summary(of: path).contains("SecretRotationFailed resolved")
            }
            #expect(try site.summary(of: path) == ["SecretRotationFailed firing", "SecretRotationFailed resolved"])
        }
        let fired = try #require(try site.events(of: site.received).first)
        #expect(fired["type"]?.stringValue == "rotation.failed")
        #expect(fired["data"]?["candidates"] != nil)
        #expect(!fired.text.contains("at-first"), "I8")
        #expect(!fired.text.contains(try site.target.password()), "I8")
        try await daemon.stop()
        try await receiver.stop()
    }

    @Test func anAlertIsNotLostWhenTheDaemonIsKilledBeforeItsDelivery() async throws {
        let site = try await Site()
        var daemon = try await DaemonProcess(data: site.data, arguments: ["--rotators", site.rotators])
        try await self.failARotation(site, daemon)
        try await eventually("the firing alert", within: .seconds(30)) {
            try await daemon.keyturn("alerts", "list")["Alerts"]?.arrayValue?.isEmpty == false
        }
        try await daemon.kill()
        #expect(try site.events(of: site.received).isEmpty)

        let receiver = try site.startReceiver()
        daemon = try await DaemonProcess(data: site.data, arguments: ["--rotators", site.rotators])
        try await eventually("the alert", within: .seconds(60)) { try !site.events(of: site.received).isEmpty }
        let ids = try site.events(of: site.received).map { $0["id"]?.stringValue }
        #expect(Set(ids).count == 1, "at least once, and every delivery with the same id")
        #expect(try site.summary(of: site.received).first == "SecretRotationFailed firing")
        try await daemon.stop()
        try await receiver.stop()
    }

    private func failARotation(_ site: Site, _ daemon: DaemonProcess) async throws {
        try await daemon.answer("create-secret", "--name", "app", "--secret-string", site.target.value("at-first").text)
        try site.target.set("down")
        try await daemon.rotate("app", by: "file-target")
    }
}
