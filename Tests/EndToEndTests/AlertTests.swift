import Foundation
import SecretModel
import TestSupport
import Testing

/// A rotation that fails is told, once per cause, and its success later too: to a webhook and to a hook script (I9).
@Suite(.timeLimit(.minutes(10))) struct AlertTests {
    @Test func oneFiringAlertPerCauseAndOneResolutionReachBothSinks() async throws {
        let site = try await AlertSite()
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
        let site = try await AlertSite()
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

    private func failARotation(_ site: AlertSite, _ daemon: DaemonProcess) async throws {
        try await daemon.answer("create-secret", "--name", "app", "--secret-string", site.target.value("at-first").text)
        try site.target.set("down")
        try await daemon.rotate("app", by: "file-target")
    }
}
