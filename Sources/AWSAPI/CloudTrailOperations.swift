package import Storage

/// The operations of CloudTrail, for the router.
package enum CloudTrailOperations {
    package static func onAuditTrail(of store: Store) -> [any APIOperation] { [LookupEvents(store: store)] }
}
