import Access
package import RotationEngine
import SecretModel
import Secrets
import Storage

extension CallContext {
    /// Whether the caller may have an admin secret used on a target: as with a read of its AWSCURRENT, which is what the daemon does then.
    package var mayUseAdmin: RotationRequests.AdminCheck {
        let (permission, scope) = (self.permission, self.scope)
        return { reference, head, store in
            // A name means a secret of the account that the call is about, which need not be the caller's.
            let secret = if case .name(let name) = reference { SecretReference.partialARN(scope, name) } else { reference }
            do {
                try permission.checkReading(of: secret, named: reference.text, label: .current, head, store)
            } catch {
                throw SecretServiceError(error)
            }
        }
    }
}
