package import SecretModel
package import Storage

/// Who asks for what, from where and when: goes into the audit trail with every call (I9).
package struct RequestOrigin: Sendable {
    /// Decides by what is in the store whether the caller may do what he asks for.
    package typealias Admission = @Sendable (any ReadableStore) throws -> Void

    /// The region of the request and the account whose secrets are meant, mostly the caller's: names are looked up here, and nothing
    /// outside is found.
    package private(set) var scope: SecretScope
    /// The account of the caller, which has a record of its own of what it does in another.
    private(set) var home: AccountID
    package let now: Timestamp
    package let requestID: String
    package let identity: AuditIdentity
    package let client: RequestClient
    package var call: AuditedCall
    /// To be asked first in the transaction that makes the change: what decided before it began may have changed since. `nil` if nothing in
    /// the store decides.
    package var admission: Admission?

    package init(
        scope: SecretScope,
        now: Timestamp,
        requestID: String,
        identity: AuditIdentity,
        client: RequestClient,
        call: AuditedCall
    ) {
        self.scope = scope
        self.home = scope.account
        self.now = now
        self.requestID = requestID
        self.identity = identity
        self.client = client
        self.call = call
    }

    /// The same request where it is about what another account has.
    package func within(_ account: AccountID) -> RequestOrigin {
        var origin = self
        origin.scope = SecretScope(account: account, region: self.scope.region)
        return origin
    }

    /// A part of the same call that happens in another region: a call there, with an event of its own.
    package func elsewhere(in region: RegionName, using generator: inout some RandomNumberGenerator) -> RequestOrigin {
        var origin = self
        origin.scope = SecretScope(account: self.scope.account, region: region)
        origin.call = self.call.repeated(as: UUIDText.ordered(at: self.now, using: &generator))
        return origin
    }
}

/// The program that sent a request.
package struct RequestClient: Hashable, Sendable {
    /// CloudTrail keeps so much of a user agent and of an error's text.
    static let textLimit = 1_024

    /// An IP address.
    package let address: String
    /// As sent; not to be believed.
    package let userAgent: String

    package init(address: String, userAgent: String) {
        self.address = address
        self.userAgent = userAgent
    }
}

/// The operation that a request asks for.
package struct AuditedCall: Hashable, Sendable {
    /// The id of the call's own event, known before the call is performed: so it can be asked whether it was recorded.
    package let id: String
    package let source: String
    package let name: String
    package let isReadOnly: Bool
    /// As the caller sent them, without what is never recorded; `nil` until they are known to be well-formed.
    package var parameters: JSONValue?

    package init(id: String, source: String, name: String, parameters: JSONValue? = nil) {
        self.id = id
        self.source = source
        self.name = name
        self.isReadOnly = Self.isReadOnly(name)
        self.parameters = parameters
    }

    /// The same with another event.
    func repeated(as id: String) -> AuditedCall {
        AuditedCall(id: id, source: self.source, name: self.name, parameters: self.parameters)
    }

    /// AWS's verbs for operations that change nothing, and Keyturn's own.
    private static let readingVerbs = [
        "Get", "BatchGet", "List", "Describe", "Lookup", "Validate", "Check", "Plan", "Verify", "Explain", "AssumeRole",
    ]

    /// Whether an operation of this name changes nothing: CloudTrail's `readOnly`.
    package static func isReadOnly(_ name: String) -> Bool { self.readingVerbs.contains { name.hasPrefix($0) } }
}

/// How a call failed.
package struct AuditFailure: Hashable, Sendable {
    package let code: String
    package let message: String

    package init(recorded code: String, message: String) {
        self.code = code
        self.message = message
    }
}
