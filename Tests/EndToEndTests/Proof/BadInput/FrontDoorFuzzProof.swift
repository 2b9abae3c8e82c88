import TestSupport
import Testing

/// Generated requests over sockets, against a daemon of their own: `Scripts/contract/fuzz.py`.
@Suite(.timeLimit(.minutes(240))) struct FrontDoorFuzzProof {
    /// A million inputs in all, by as many clients as there are cores to keep busy.
    @Test func generatedRequestsGetAnswersThatAWSHas() async throws {
        let daemon = try await DaemonProcess()
        let (clients, count) = Proof.isLong ? (4, 250_000) : (1, 3_000)
        await withTaskGroup(of: Void.self) { group in
            for client in 1...clients {
                group.addTask {
                    await Proof.case("fuzz/front-door/\(client)") {
                        let lines = try await daemon.lines(
                            of: "contract/fuzz.py",
                            interpreter: ["python3"],
                            ["\(count)"],
                            region: "us-east-\(client)"
                        )
                        let line = lines.last ?? "nothing was printed"
                        try Proof.expect(line.hasPrefix("ok fuzz: "), line)
                        Proof.figure("fuzz/front-door/\(client)", String(line.dropFirst("ok fuzz: ".count)))
                    }
                }
            }
        }
    }
}
