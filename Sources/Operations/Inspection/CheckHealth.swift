import AWSAPI
import Alerting
import RotationEngine
import RotationModel
import Rotators
import SecretModel
import Storage

/// What `keyturn doctor` asks: the store, the rotators, the sinks, and whether AWSCURRENT of each rotating secret logs in.
struct CheckHealth: APIOperation {
    let parts: OperationParts
    let target = "keyturn.CheckHealth"
    let members: [MemberRule] = []
    let access = AccessRule.everything

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        var findings = try await self.storeFindings(context)
        findings += await self.rotatorFindings()
        findings.append(await self.sinkFinding())
        findings += try await self.secretFindings(context)
        return ["Findings": .array(findings.map(\.json))]
    }

    private func storeFindings(_ context: CallContext) async throws(APIError) -> [PreflightFinding] {
        let scope = context.scope
        let count = try await self.parts.read { try $0.countSecrets(in: scope) }
        return [PreflightFinding(.passed, check: "store", "answers; \(count) secrets in \(scope.region)")]
    }

    private func rotatorFindings() async -> [PreflightFinding] {
        let count = await self.parts.rotators.manifests().count
        let problems = await self.parts.rotators.problems()
        return [PreflightFinding(.passed, check: "rotators", "\(count) usable")]
            + problems.map { problem in
                PreflightFinding(
                    problem.kind == .invalid ? .failed : .warning,
                    check: "rotators",
                    "\(problem.path): \(problem.reason)",
                    hint: "mend the file; keyturn rotator list"
                )
            }
    }

    private func sinkFinding() async -> PreflightFinding {
        let sinks = await self.parts.alerts.sinkNames
        guard sinks.isEmpty else { return PreflightFinding(.passed, check: "alerts", "go to \(sinks.joined(separator: ", "))") }
        return PreflightFinding(
            .warning,
            check: "alerts",
            "no sink is configured: nobody is told when a rotation fails",
            hint: "add alerting.sinks to keyturn.yaml, then keyturn alerts test"
        )
    }

    private func secretFindings(_ context: CallContext) async throws(APIError) -> [PreflightFinding] {
        let scope = context.scope
        let rotating = try await self.parts.read { store in
            try store.secrets(in: scope, includingDeleted: false).filter { $0.rotation?.isEnabled == true }.map { secret in
                (secret, try store.unfinishedRun(of: secret.arn))
            }
        }
        var findings: [PreflightFinding] = []
        for (secret, run) in rotating {
            findings.append(await self.loginFinding(secret, scope))
            if let run, run.state == .parked || run.state == .failed {
                findings.append(
                    PreflightFinding(
                        .failed,
                        check: secret.arn.name.description,
                        "its rotation is \(run.state.rawValue): \(run.failure?.message ?? "no cause recorded")",
                        hint: "keyturn rotation show \(secret.arn.name)"
                    )
                )
            }
            if let end = secret.rotation?.nextWindow?.end, end < context.now {
                findings.append(
                    PreflightFinding(.failed, check: secret.arn.name.description, "its rotation is overdue since \(end.rfc3339)")
                )
            }
        }
        return findings
    }

    private func loginFinding(_ secret: SecretRecord, _ scope: SecretScope) async -> PreflightFinding {
        let name = secret.arn.name.description
        do throws(APIError) {
            let report = try await inWords { try await self.parts.requests.probe(.arn(secret.arn), in: scope) }
            let cause = report.failure.map { ": \($0.message)" } ?? ""
            guard report.outcome != .accepted else {
                guard !report.isProof else { return PreflightFinding(.passed, check: name, "AWSCURRENT logs in") }
                let message = "AWSCURRENT logs in, which proves nothing\(cause)"
                return PreflightFinding(.warning, check: name, message, hint: report.failure?.hint)
            }
            let level: PreflightFinding.Level = report.outcome == .unreachable ? .warning : .failed
            return PreflightFinding(level, check: name, "AWSCURRENT is \(report.outcome.rawValue)\(cause)", hint: report.failure?.hint)
        } catch {
            return PreflightFinding(.failed, check: name, error.message)
        }
    }
}
