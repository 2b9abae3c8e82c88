package import RotationModel
package import SecretModel

extension ScriptRotator {
    /// The current JSON with new values in the members that the manifest names (`generate.fields`).
    func generateSecret(_ context: StepContext) throws(RotationFailure) -> SecretValue {
        guard let current = context.current else {
            throw RotationFailure(.configInvalid, "The secret has no current value to make the next one from.")
        }
        var json = try self.object(current)
        let policy = context.settings.password == .default ? self.script.generatedPolicy : context.settings.password
        for field in self.script.generatedFields {
            do {
                var generator = SystemRandomNumberGenerator()
                json = json.setting(field, to: .string(try policy.generate(using: &generator)))
            } catch {
                throw RotationFailure(.configInvalid, "No password can be made by the password policy: \(error)")
            }
        }
        return SecretValue(string: json.text)
    }

    /// From the options `target` and `account`, else from the members `host`, `port` and `username` of the secret's JSON.
    package func identity(of current: SecretValue, settings: RotatorSettings) throws(RotationFailure) -> TargetIdentity {
        if let target = settings.options["target"], let account = settings.options["account"] {
            return TargetIdentity(target: target, account: account)
        }
        let json = try self.object(current)
        guard let host = json["host"]?.stringValue, !host.isEmpty,
            let account = (json["username"] ?? json["user"])?.stringValue, !account.isEmpty
        else {
            throw RotationFailure(
                .configInvalid,
                "It is not known where this credential lives: the secret's JSON has no `host` and `username`.",
                hint: "Add them to the secret, or give the rules the options `target` and `account`."
            )
        }
        let engine = json["engine"]?.stringValue ?? self.manifest.name.description
        let name = host.contains(":") ? "[\(host.lowercased())]" : host.lowercased()
        let port = json["port"]?.stringValue ?? json["port"]?.integerValue.map { String($0) }
        return TargetIdentity(target: "\(engine)://\(name)\(port.map { ":\($0)" } ?? "")", account: self.withoutTwin(account))
    }

    /// Probes current; where the script supports a dry run, runs setSecret with it too.
    package func preflight(_ context: StepContext) async -> [PreflightFinding] {
        var findings: [PreflightFinding] = []
        let probe = await self.probe(.current, context)
        if probe.outcome == .accepted {
            findings.append(PreflightFinding(.passed, check: "login", "The current credential logs in."))
        } else {
            let reason = probe.failure?.message ?? "The answer was \(probe.outcome.rawValue)."
            findings.append(PreflightFinding(.failed, check: "login", reason, hint: probe.failure?.hint))
        }
        guard self.script.hasDryRun, context.pending != nil, context.isDryRun else {
            let message = "Whether the credential may be changed: that only setSecret shows."
            return findings + [PreflightFinding(.unproven, check: "privileges", message)]
        }
        do throws(RotationFailure) {
            let report = try await self.setSecret(context)
            findings.append(PreflightFinding(.passed, check: "privileges", report.message ?? "setSecret would work."))
        } catch {
            findings.append(PreflightFinding(.failed, check: "privileges", error.message, hint: error.hint))
        }
        return findings
    }

    private func object(_ value: SecretValue) throws(RotationFailure) -> JSONValue {
        do {
            let json = try JSONValue(parsing: value.bytes)
            if json.members != nil { return json }
        } catch {
            throw RotationFailure(.configInvalid, "The secret's value is not a JSON object (\(error)).", hint: "Put a JSON object into it.")
        }
        throw RotationFailure(.configInvalid, "The secret's value is not a JSON object.", hint: "Put a JSON object into it.")
    }

    /// Both twins of alternating users are one account (I7); AWS names the second `…_clone`.
    private func withoutTwin(_ account: String) -> String {
        guard self.manifest.strategy == .alternatingUsers, account.hasSuffix("_clone") else { return account }
        return String(account.dropLast("_clone".count))
    }
}
