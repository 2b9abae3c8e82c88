/// The operations of STS, for the router: targets `sts.…`, which the query protocol's `Action` becomes.
package enum TokenOperations {
    package static let all: [any APIOperation] = [GetCallerIdentity()]
}
