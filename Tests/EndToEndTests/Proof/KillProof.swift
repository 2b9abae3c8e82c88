import Foundation
import TestSupport
import Testing

/// The daemon's process dies, or its connection to the target breaks, at each step of a rotation: at each sync of the store, before and after
/// it, and at each call to the target, before it is sent and after the server has acted on it. Started again, it ends the run: AWSCURRENT
/// works, exactly one run and one new value happened, rights are as ever, no AWSPENDING is left (I1, I2, I3, I4).
@Suite struct KillProof {
    /// `KEYTURN_PROOF_SEED` tries the sample of an earlier run again.
    private static let seed =
        ProcessInfo.processInfo.environment["KEYTURN_PROOF_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)

    @Test(arguments: KillLeg.all.indices)
    func I1_I3_I4_nothingIsLostWhereverItStops(index: Int) async throws {
        let leg = KillLeg.all[index]
        var generator = SeededGenerator(seed: Self.seed &+ UInt64(index))
        var site = try await KillSite(leg)
        let map = try await site.survey()
        let all = map.points
        let cuts = map.bytePoints(Proof.isLong ? 24 : 1, using: &generator)
        let pairs = map.pairs(Proof.isLong ? 24 : 1, using: &generator)
        let attacks = (Proof.isLong ? all : map.sample(using: &generator)).map { [$0] } + cuts.map { [$0] } + pairs
        var missed = 0
        for points in attacks {
            let name = points.map(\.description).joined(separator: "+")
            await Proof.case("kill/\(leg)/\(name)") {
                do {
                    if try await !site.attack(points) { missed += 1 }
                } catch {
                    // The next case must not suffer from what this one has left.
                    try await site.rebuild()
                    throw error
                }
            }
        }
        let size = "\(map.syncs) syncs, \(map.places.count) requests and answers"
        Proof.figure("kill/\(leg)", "\(size); \(attacks.count) cases, \(missed) of them not reached; seed \(Self.seed)")
        await Proof.case("kill/\(leg)/reached") {
            // Calls and bytes vary by a few from one rotation to the next; attacks that all miss would prove nothing.
            try Proof.expect(missed <= max(2, attacks.count / 10), "\(missed) of \(attacks.count) points were not reached")
        }
        try await site.daemon.stop()
    }
}
