package import SecretModel

/// One operation of the wire protocol.
package protocol APIOperation: Sendable {
    /// The value of `X-Amz-Target` that selects it: `secretsmanager.CreateSecret`.
    var target: String { get }
    /// The constraints of its members, which the router checks before `respond`.
    var members: [MemberRule] { get }
    /// Whether a policy must allow the call; GetCallerIdentity needs none.
    var needsPermission: Bool { get }
    /// Performs the call. A refusal changes nothing (I12).
    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue
}

extension APIOperation {
    package var needsPermission: Bool { true }
}
