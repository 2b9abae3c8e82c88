import Access
import Auditing
import Identities
import SecretModel
import Storage

/// Temporary credentials with the rights of a role, whose trust policy says who gets them.
struct AssumeRole: APIOperation {
    let tokens: SessionTokens
    let directory: IdentityDirectory
    let store: Store

    let target = "sts.AssumeRole"
    let members: [MemberRule] = [
        .text("RoleArn", 20...2_048, isRequired: true),
        .text("RoleSessionName", 2...64, matching: .sessionName, isRequired: true),
        .text("Policy", 1...2_048, matching: .sessionPolicy),
        .structures("PolicyArns", 0...10, of: [.text("arn", 20...2_048, isRequired: true)]),
        .number("DurationSeconds", 900...43_200),
        .structures("Tags", 0...50, of: [.text("Key", 1...128, isRequired: true), .text("Value", 0...256, isRequired: true)]),
        .texts("TransitiveTagKeys", 0...50, each: 1...128),
        .text("ExternalId", 2...1_224, matching: .alphanumerics(and: "_+=,.@:/-", text: #"[\w+=,.@:\/-]*"#)),
        .text("SourceIdentity", 2...64, matching: .sessionName),
        .text("SerialNumber", 9...256),
        MemberRule("TokenCode", .text(length: 6...6, pattern: nil), isSensitive: true),
        .structures("ProvidedContexts", 0...5, of: [.text("ProviderArn", 20...2_048), .text("ContextAssertion", 4...2_048)]),
    ]
    let access: AccessRule = .role(
        [
            .member("ExternalId", of: "sts"), .member("RoleSessionName", of: "sts"), .member("TransitiveTagKeys", of: "sts"), .requestTags,
        ],
        further: [
            // Tags that a chain of sessions hands on are tags of the new session too.
            .init("sts:TagSession") { input, session in
                !(input.objects("Tags") ?? []).isEmpty || (session?.tags ?? []).contains(where: \.isTransitive)
            }
        ]
    )

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        try Self.checkSupport(of: input)
        let id = try input.role()
        let admission = context.origin.admission
        let found = try await inWords {
            try await self.store.read { store in
                // The role whose trust policy decided may be gone, and another have its name.
                try admission?(store)
                return try store.identity(id)
            }
        }
        guard let role = found else { throw APIError(.accessDenied, "The role \(id.arn) was deleted.") }
        let duration = try Self.duration(input, role, context.caller)
        let names = try await self.policyNames(input, of: role)
        let session = RoleSession(
            role: id,
            roleID: role.uniqueID,
            name: try input.required("RoleSessionName"),
            policy: try Self.policy(input),
            policyNames: names,
            tags: try input.sessionTags(inheriting: context.caller.session)
        )
        let packedSize = try session.packedSize()
        return .output(
            ("AssumedRoleUser", .identity(of: session)),
            ("Credentials", try self.tokens.answer(.role(session), seconds: duration, context)),
            ("PackedPolicySize", packedSize.map { .integer($0) })
        )
    }

    func recorded(of output: JSONValue) -> JSONValue? {
        let user = output["AssumedRoleUser"]
        return .output(
            ("credentials", output["Credentials"]?.recordedCredentials),
            ("assumedRoleUser", .output(("assumedRoleId", user?["AssumedRoleId"]), ("arn", user?["Arn"])))
        )
    }

    /// What would be ignored is refused: it was asked for to make things safer.
    private static func checkSupport(of input: APIInput) throws(APIError) {
        guard !input.has("SerialNumber"), !input.has("TokenCode") else {
            throw APIError(.accessDenied, "MultiFactorAuthentication failed: there are no MFA devices.")
        }
        for member in ["SourceIdentity", "ProvidedContexts"] where input.has(member) {
            throw APIError(.validation, "\(member) is not supported. Use the session's name or session tags to say who acts.")
        }
    }

    private static func duration(_ input: APIInput, _ role: IdentityRecord, _ caller: VerifiedCaller) throws(APIError) -> Int {
        let standard = IdentityRecord.standardSession
        let duration = input.integer("DurationSeconds") ?? standard
        if case .assumedRole = caller.principal, duration > standard {
            throw APIError(
                .validation,
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
            )
        }
        guard duration <= role.longestSession ?? standard else {
            throw APIError(.validation, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        }
        return duration
    }

    private static func policy(_ input: APIInput) throws(APIError) -> String? {
        guard let text = input.string("Policy") else { return nil }
        do throws(PolicySyntaxError) { _ = try PolicyDocument(parsing: text, as: .identity) } catch {
            throw APIError(code: "MalformedPolicyDocument", message: "The session policy is malformed. \(error)")
        }
        return text
    }

    /// `PolicyArns`: managed policies of the role's account, or those that come with Keyturn.
    private func policyNames(_ input: APIInput, of role: IdentityRecord) async throws(APIError) -> [String] {
        var names: [String] = []
        for arn in (input.objects("PolicyArns") ?? []).compactMap({ $0.string("arn") }) {
            let account = role.id.account
            let prefixes = ["arn:aws:iam::\(account):policy/", "arn:aws:iam::aws:policy/"]
            let name = prefixes.first { arn.utf8.starts(with: $0.utf8) }.map { String(arn.dropFirst($0.count)) }
            guard let name, try await inWords({ try await self.directory.policy(name, of: account) }) != nil else {
                throw APIError(.validation, "There is no managed policy \(arn) for the role \(role.id.arn).")
            }
            names.append(name)
        }
        return names
    }
}

extension TextPattern {
    fileprivate static let sessionName = TextPattern.alphanumerics(and: "_+=,.@-", text: #"[\w+=,.@-]*"#)

    fileprivate static let sessionPolicy = TextPattern(#"[\u0009\u000A\u000D\u0020-\u00FF]+"#) { text in
        text.unicodeScalars.allSatisfy { [0x9, 0xA, 0xD].contains($0.value) || (0x20...0xFF).contains($0.value) }
    }
}

extension JSONValue {
    fileprivate static func identity(of session: RoleSession) -> JSONValue {
        let principal = session.principal
        return .output(("AssumedRoleId", .string(principal.userID(session.roleID))), ("Arn", .string(principal.arn)))
    }
}
