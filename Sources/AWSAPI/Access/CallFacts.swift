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
        case "aws:principalaccount", "kms:calleraccount": .one(self.principal.account.description)
        case "aws:principaltype": .one(self.principal.type)
        case "aws:username": self.principal.userName.map { .one($0) }
        case "aws:userid": self.rights.uniqueID.map { .one(self.principal.userID($0)) }
        case "aws:sourceip": self.client.map { .one($0.address) }
        case "aws:securetransport": .one(self.isSecure ? "true" : "false")
        case "aws:useragent": self.client.map { .one($0.userAgent) }
        case "aws:currenttime": .one(self.now.rfc3339)
        case "aws:epochtime": .one(String(self.now.seconds))
        case "aws:tokenissuetime": self.session.map { .one($0.issuedAt.rfc3339) }
        // Of temporary credentials only; there is no MFA here.
        case "aws:multifactorauthpresent": self.session.map { _ in .one("false") }
        case "aws:requestedregion": .one(self.region.description)
        case "aws:principalisawsservice", "aws:viaawsservice": .one("false")
        default: .tag(key, "aws:principaltag/", in: self.principalTags)
        }
    }

    /// Those of the session come before those of the role.
    private var principalTags: [(String, String)] {
        (self.session?.tags ?? []).map { ($0.key, $0.value) } + self.rights.tags.map { ($0.key, $0.value) }
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
            let tags = self.tags.lazy.map { ($0.key, $0.value) }
            return .tag(key, "secretsmanager:resourcetag/", in: tags) ?? .tag(key, "aws:resourcetag/", in: tags)
        }
    }
}
