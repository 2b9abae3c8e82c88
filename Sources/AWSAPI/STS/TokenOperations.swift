/// The operations of STS, for the router: targets `sts.…`, which the query protocol's `Action` becomes.
package enum TokenOperations {
    package static func all(_ tokens: SessionTokens) -> [any APIOperation] { [GetCallerIdentity(), GetSessionToken(tokens: tokens)] }
}
