import Access
import SecretModel
import Secrets
import Storage

extension AccessPermission {
    /// What a call takes that copies a secret to the regions of `AddReplicaRegions`: the key of each region (`aws-service.md` §3.3), and
    /// leave to delete what `ForceOverwriteReplicaSecret` overwrites there.
    func checkReplicas(of secret: ResourceFacts, named name: SecretName, _ store: some ReadableStore) throws {
        for entry in self.input.objects("AddReplicaRegions") ?? [] {
            // What is no region is the operation's to refuse.
            guard let region = entry.string("Region").flatMap({ RegionName($0) }) else { continue }
            let copy = secret.inRegion(region)
            try self.checkKey(entry.nonEmptyString("KmsKeyId"), ["kms:GenerateDataKey", "kms:Encrypt"], of: copy, store)
            if self.input.bool("ForceOverwriteReplicaSecret") == true { try self.checkOverwriting(copy, named: name, store) }
        }
    }

    private func checkOverwriting(_ copy: ResourceFacts, named name: SecretName, _ store: some ReadableStore) throws {
        guard
            let old = try SecretService.head(of: .name(name), in: copy.scope, at: self.facts.now, store), old.arn.description != copy.arn
        else { return }
        let further = RequestContext([
            "secretsmanager:ForceDeleteWithoutRecovery": .one("true"), "aws:RequestedRegion": .one(copy.scope.region.description),
        ])
        // The caller knows the name, and need not learn the ARN.
        let reference = SecretReference.partialARN(copy.scope, name)
        _ = try self.checkSecret(["secretsmanager:DeleteSecret"], on: reference, named: reference.text, old, store, further)
    }
}

extension ResourceFacts {
    /// The facts of the copy of a secret in another region.
    fileprivate func inRegion(_ region: RegionName) -> ResourceFacts {
        ResourceFacts(
            arn: self.arn.replacing(":\(self.scope.region):", with: ":\(region):", maxReplacements: 1),
            scope: SecretScope(account: self.scope.account, region: region),
            isSecret: self.isSecret,
            tags: self.tags,
            lambdaARN: nil,
            primaryRegion: self.scope.region
        )
    }
}
