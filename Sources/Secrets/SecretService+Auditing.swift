import Auditing
import SecretModel
import Storage

extension SecretService {
    /// The record of a change that a call makes; it stands in the region of the secret.
    ///
    /// - Parameter parameters: Where the change is only a part of the call; the call's own are those that its caller sent.
    func audit(
        _ event: String,
        of secret: SecretARN,
        _ parameters: JSONValue? = nil,
        response: JSONValue? = nil,
        _ origin: RequestOrigin,
        in store: StoreTransaction
    ) throws {
        var random = self.random
        let happening = RequestOrigin.Happening(event, parameters: parameters, about: secret.description, response: response)
        let isHere = secret.scope.region == origin.scope.region
        let place = isHere ? origin : origin.elsewhere(in: secret.scope.region, using: &random)
        try self.trail.append(place.events(happening, using: &random), in: store)
    }

    /// The records of what happens to versions because something else happened: no calls (`aws-service.md` §1.11).
    func audit(
        _ change: VersionChange,
        of versions: [VersionID],
        of secret: SecretARN,
        requestID: String,
        at now: Timestamp,
        in store: StoreTransaction
    ) throws {
        var random = self.random
        try self.trail.append(change.events(of: versions, of: secret, requestID: requestID, at: now, using: &random), in: store)
    }
}
