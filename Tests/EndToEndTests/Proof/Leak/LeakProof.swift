import AdminClient
import Foundation
import SecretModel
import TestSupport
import Testing

/// I8: a value is seen only by who asked for it. Values are rotated in and out by every strategy, by a script, and into failures; then they
/// are looked for everywhere else, in every form that something may have given them.
@Suite(.timeLimit(.minutes(10))) struct LeakProof {
    @Test func I8_aValueIsSeenOnlyByWhoAskedForIt() async throws {
        let site = try await LeakSite()
        try await site.daemon.withClient { client in
            for strategy in LeakSite.strategies { try await site.rotate(by: strategy, client) }
            try await site.rotateByScript(client)
            try await site.giveWrongInputs(client)
        }
        try await site.waitForAlerts()
        let outputs = try await site.outputs()
        let papers = site.spy.end()
        let forms = Set(site.canaries).map { LeakForms($0) }

        await Proof.case("leak/control") {
            try Proof.expect(forms.count >= 12, "only \(forms.count) values were made")
            let target = Data(try site.alerts.target.password().utf8)
            try Proof.expect(forms.contains { $0.find(in: target) != nil }, "a value is not found where it must be")
        }
        await self.search("leak/command-output", outputs, for: forms)
        await self.search("leak/daemon-log", ["the log": Data(try site.daemon.process.log().utf8)], for: forms)
        await self.search("leak/sinks", try site.deliveries(), for: forms)
        await self.search("leak/database-server-logs", try await site.serverLogs(), for: forms)
        await self.search(
            "leak/processes",
            ["arguments and environments": papers.papers.reduce(into: Data()) { $0 += $1 + [0] }],
            for: forms
        )
        await Proof.case("leak/processes-were-seen") {
            for word in ["file-target", "/hook", "keyturn"] {
                try Proof.expect(
                    papers.papers.contains { $0.range(of: Data(word.utf8)) != nil },
                    "no process with \(word) in \(papers.looks) looks"
                )
            }
        }
        await Proof.case("leak/core-dumps") {
            let limits = try String(contentsOfFile: "/proc/\(site.process)/limits", encoding: .utf8)
            let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") } ?? ""
            try Proof.expect(line.split(separator: " ").suffix(3).prefix(2) == ["0", "0"], "\(line)")
        }
        await self.search("leak/files-while-it-runs", try site.files(), for: forms)
        try await site.daemon.stop()
        await self.search("leak/files", try site.files(), for: forms)
        try await site.receiver.stop()
    }

    /// The message names place and form, never the value.
    private func search(_ name: String, _ places: [String: Data], for forms: [LeakForms]) async {
        await Proof.case(name) {
            try Proof.expect(places.values.contains { !$0.isEmpty }, "nothing to search")
            for (place, bytes) in places {
                let found = forms.compactMap { $0.find(in: bytes) }
                try Proof.expect(found.isEmpty, "\(place): a value \(found.first ?? "")")
            }
        }
    }
}
