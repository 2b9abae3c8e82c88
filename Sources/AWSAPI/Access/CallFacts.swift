import Access
import Auditing
import Identities
import SecretModel
import Storage

/// The condition keys that every request has (`aws-service.md` §3.3), each worked out only when a policy asks for it.
struct CallFacts: Sendable {
    let principal: Principal
    let session: AccessSession?
    let rights: IdentityDirectory.Rights
    /// The region that the request speaks to.
    let region: RegionName
    let now: Timestamp
    /// `nil` for a request that nobody makes.
    let client: RequestClient?
    let isSecure: Bool

    /// Where names are looked up.
    var scope: SecretScope { SecretScope(account: self.principal.account, region: self.region) }

    /// - Parameter key: In small letters.
    func value(_ key: String) -> RequestContext.Value? {
        switch key {
        case "aws:principalarn": .one(self.principal.identityARN)
        case "aws:principalaccount": .one(self.principal.account.description)
        case "aws:principaltype": .one(self.principal.type)
        case "aws:username": self.principal.userName.map { .one($0) }
        case "aws:userid": self.userID.map { .one($0) }
        case "aws:sourceip": self.client.map { .one($0.address) }
        case "aws:securetransport": .one(self.isSecure ? "true" : "false")
        case "aws:useragent": self.client.map { .one($0.userAgent) }
        case "aws:currenttime": .one(self.now.rfc3339)
        case "aws:epochtime": .one(String(self.now.seconds))
        case "aws:tokenissuetime": self.session.map { .one($0.issuedAt.rfc3339) }
        case "aws:requestedregion": .one(self.region.description)
        case "aws:principalisawsservice", "aws:viaawsservice": .one("false")
        default: self.principalTag(key)
        }
    }

    private func principalTag(_ key: String) -> RequestContext.Value? {
        let prefix = "aws:principaltag/"
        guard key.hasPrefix(prefix) else { return nil }
        let name = String(key.dropFirst(prefix.count))
        if let session = self.session?.tags.first(where: { $0.key.lowercased() == name }) { return .one(session.value) }
        return self.rights.tags.value(named: name)
    }

    /// As AWS has it: of a session, with its name.
    var userID: String? {
        switch self.principal {
        case .root(let account): account.description
        case .user: self.rights.uniqueID
        case .assumedRole(_, _, let session): self.rights.uniqueID.map { "\($0):\(session)" }
        }
    }
}

/// The condition keys that a request has by what it is about: a secret, or a KMS key.
struct ResourceFacts: Sendable {
    let arn: String
    let scope: SecretScope
    /// Whether it is a secret that exists: if not, the ARN is a guess.
    let isSecret: Bool
    let tags: [Tag]
    let lambdaARN: String?
    /// Of a copy of a secret: where its primary is.
    var primaryRegion: RegionName?

    func value(_ key: String) -> RequestContext.Value? {
        switch key {
        case "secretsmanager:secretid": return self.isSecret ? .one(self.arn) : nil
        case "secretsmanager:resource/allowrotationlambdaarn": return self.lambdaARN.map { .one($0) }
        case "secretsmanager:secretprimaryregion": return .one((self.primaryRegion ?? self.scope.region).description)
        case "aws:resourceaccount": return .one(self.scope.account.description)
        default:
            for prefix in ["secretsmanager:resourcetag/", "aws:resourcetag/"] where key.hasPrefix(prefix) {
                return self.tags.value(named: String(key.dropFirst(prefix.count)))
            }
            return nil
        }
    }
}

extension [Tag] {
    /// Names of condition keys are compared without regard to case, those of tags in them too.
    fileprivate func value(named name: String) -> RequestContext.Value? {
        self.first { $0.key.lowercased() == name }.map { .one($0.value) }
    }
}
