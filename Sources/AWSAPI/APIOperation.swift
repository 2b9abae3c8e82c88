package import Auditing
package import SecretModel

/// One operation of the wire protocol.
package protocol APIOperation: Sendable {
    /// The value of `X-Amz-Target` that selects it: `secretsmanager.CreateSecret`.
    var target: String { get }
    /// The constraints of its members, which the router checks before `respond`.
    var members: [MemberRule] { get }
    /// What the caller needs leave for, which the router asks before `respond`.
    var access: AccessRule { get }
    /// Performs the call. A refusal changes nothing (I12).
    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue
    /// What the call's own audit record shows of a success: never a value or a secret (I8).
    func recorded(of output: JSONValue) -> JSONValue?
    /// What a call did to several secrets, each of which has an audit record of its own.
    func parts(of output: JSONValue) -> [RequestOrigin.Happening]
}

extension APIOperation {
    /// The service that it belongs to, as policies name it: `secretsmanager`, `kms`; `keyturn` for Keyturn's own.
    package var service: String {
        self.target.utf8.starts(with: "\(AuditSource.keyturn).".utf8) ? AuditSource.keyturn : APIService(target: self.target).rawValue
    }

    /// `CreateSecret`: what stands behind the target's last dot.
    package var name: String { self.target.split(separator: ".").last.map(String.init) ?? self.target }

    /// As policies name it: `secretsmanager:CreateSecret`.
    package var action: String { "\(self.service):\(self.name)" }

    package func recorded(of _: JSONValue) -> JSONValue? { nil }

    package func parts(of _: JSONValue) -> [RequestOrigin.Happening] { [] }
}
