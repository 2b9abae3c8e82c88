package import Identities
package import Storage

/// The operations of STS, for the router: targets `sts.…`, which the query protocol's `Action` becomes.
package enum TokenOperations {
    package static func all(_ tokens: SessionTokens, _ directory: IdentityDirectory, _ store: Store) -> [any APIOperation] {
        [GetCallerIdentity(), GetSessionToken(tokens: tokens), AssumeRole(tokens: tokens, directory: directory, store: store)]
    }
}
