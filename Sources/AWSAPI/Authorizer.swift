package import Access

/// The one place that decides whether a caller may do something. For now: administrators may everything, others nothing.
package struct Authorizer: Sendable {
    package init() {}

    /// - Parameters:
    ///   - action: `secretsmanager:GetSecretValue`.
    ///   - resource: What the caller sent as `SecretId` or `Name`; `*` for calls about no one secret.
    /// - Throws: `AccessDeniedException` with AWS's text (`aws-api.md` §2).
    package func authorize(_ caller: VerifiedCaller, action: String, resource: String) throws(APIError) {
        guard !caller.isAdministrator else { return }
        throw APIError(
            .accessDenied,
            "User: \(caller.principalARN) is not authorized to perform: \(action) on resource: \(resource)"
                + " because no identity-based policy allows the \(action) action"
        )
    }
}
