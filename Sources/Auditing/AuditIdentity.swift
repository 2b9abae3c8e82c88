package import SecretModel

/// Who acted: CloudTrail's `userIdentity`, and what of it people search for.
package struct AuditIdentity: Hashable, Sendable {
    package let members: JSONValue
    /// The name of the user, or of the role's session.
    package let userName: String?
    package let accessKeyID: String?

    package init(members: JSONValue, userName: String?, accessKeyID: String?) {
        self.members = members
        self.userName = userName
        self.accessKeyID = accessKeyID
    }
}

/// What every caller has, whoever it is.
package struct AuditActor: Hashable, Sendable {
    let arn: String
    let id: String
    let account: AccountID
    let accessKeyID: String

    /// - Parameter id: What policies see as `aws:userid`.
    package init(arn: String, id: String, account: AccountID, accessKeyID: String) {
        self.arn = arn
        self.id = id
        self.account = account
        self.accessKeyID = accessKeyID
    }

    fileprivate func identity(_ type: String, userName: String?, _ further: [(String, JSONValue?)]) -> AuditIdentity {
        let members: [(String, JSONValue?)] = [
            ("type", .string(type)), ("principalId", .string(self.id)), ("arn", .string(self.arn)),
            ("accountId", .string(self.account.description)), ("accessKeyId", .string(self.accessKeyID)),
        ]
        return AuditIdentity(
            members: .object((members + further).compactMap { name, value in value.map { .init(name, $0) } }),
            userName: userName,
            accessKeyID: self.accessKeyID
        )
    }
}

/// As CloudTrail has them (`aws-service.md` §4.1).
extension AuditIdentity {
    /// - Parameter session: When the session was issued, for the credentials of GetSessionToken; `nil` for an access key.
    package static func user(_ name: String, _ actor: AuditActor, session: Timestamp? = nil) -> AuditIdentity {
        actor.identity("IAMUser", userName: name, [("userName", .string(name)), ("sessionContext", session.map { self.context($0) })])
    }

    package static func account(_ actor: AuditActor, session: Timestamp? = nil) -> AuditIdentity {
        actor.identity("Root", userName: "root", [("sessionContext", session.map { self.context($0) })])
    }

    /// A session of a role.
    ///
    /// - Parameters:
    ///   - name: Of the session.
    ///   - arn: Of the role; `id` is its unique id.
    package static func session(
        _ name: String,
        _ actor: AuditActor,
        ofRole role: String,
        arn: String,
        id: String,
        issuedAt: Timestamp?
    ) -> AuditIdentity {
        let issuer: JSONValue = [
            "type": "Role", "principalId": .string(id), "arn": .string(arn), "accountId": .string(actor.account.description),
            "userName": .string(role),
        ]
        return actor.identity("AssumedRole", userName: name, [("sessionContext", issuedAt.map { self.context($0, issuer: issuer) })])
    }

    private static func context(_ issuedAt: Timestamp, issuer: JSONValue? = nil) -> JSONValue {
        let attributes: JSONValue = ["creationDate": .string(issuedAt.rfc3339), "mfaAuthenticated": "false"]
        return .object((issuer.map { [.init("sessionIssuer", $0)] } ?? []) + [.init("attributes", attributes)])
    }
}
