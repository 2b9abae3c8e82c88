import RotationModel
import SecretModel
import Storage

/// Which credential works now: what a person on call asks first (`design.md` §6).
enum WorkingCredential {
    /// `{"pending": {"outcome", "at"}, …}`: the last probe of each candidate that was probed.
    static func json(_ candidates: [Candidate: CandidateStatus]) -> JSONValue {
        .object(
            Candidate.allCases.compactMap { candidate in
                guard let status = candidates[candidate] else { return nil }
                let facts: [(String, JSONValue)] = [
                    ("outcome", .string(status.outcome.rawValue)), ("at", .string(status.at.rfc3339)),
                ]
                return JSONValue.Member(candidate.rawValue, facts.asObject)
            }
        )
    }

    /// One sentence that says which credential logs in, by the probes of the run. *Unreachable proves nothing*, and it says so.
    static func sentence(for run: RunRecord?) -> String {
        guard let run else { return "The current credential was not probed; nothing has changed it." }
        let pending = run.candidates[.pending]
        let current = run.candidates[.current]
        let previous = run.candidates[.previous]
        let probed = [pending, current, previous].compactMap { $0?.at }.max().map { " (probed \($0.rfc3339))" } ?? ""
        switch (pending?.outcome, current?.outcome, previous?.outcome) {
        case (.accepted, .accepted, _):
            return "The old and the new credential both work\(probed); nothing is locked out."
        case (_, .accepted, _):
            return "The old credential still works\(probed); nothing is locked out."
        case (.accepted, _, _):
            return "The new (pending) credential works\(probed); the one in AWSCURRENT is not known to."
        case (_, _, .accepted):
            return "Only the previous credential works\(probed); someone changed it outside Keyturn."
        case (nil, nil, nil) where !run.isTargetTouched:
            return "The target was not touched: the old credential is still the one in force."
        case (.refused?, .refused?, _), (nil, .refused?, .refused?), (nil, .refused?, nil):
            return "None of the credentials that were probed works\(probed); all of them are kept."
        default:
            return "It is not known which credential works: no probe was answered\(probed). All of them are kept."
        }
    }
}
