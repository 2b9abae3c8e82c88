import SecretModel
import Secrets
import Storage

struct ReplicateSecretToRegions: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.ReplicateSecretToRegions"
    let members: [MemberRule] = [.secretID, .addReplicaRegions(isRequired: true), .forceOverwriteReplicaSecret]
    let access: AccessRule = .secret([.replicaRegions, .member("ForceOverwriteReplicaSecret")], value: .copies)

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let (reference, requests) = (try input.secret(), try input.replicaRequests())
        let overwrites = input.bool("ForceOverwriteReplicaSecret") ?? false
        let (secret, replicas) = try await inWords {
            try await self.secrets.replicate(reference, to: requests, overwrites: overwrites, context.origin)
        }
        return .output(("ARN", .describing(secret.arn)), ("ReplicationStatus", .replicas(replicas)))
    }
}

struct RemoveRegionsFromReplication: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.RemoveRegionsFromReplication"
    let members: [MemberRule] = [
        .secretID, MemberRule("RemoveReplicaRegions", .list(of: .region, count: 1...1_000), isRequired: true),
    ]
    let access: AccessRule = .secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let regions = (input.strings("RemoveReplicaRegions") ?? []).compactMap { RegionName($0) }
        let (secret, replicas) = try await inWords { try await self.secrets.removeReplicas(of: reference, in: regions, context.origin) }
        return .output(("ARN", .describing(secret.arn)), ("ReplicationStatus", .replicas(replicas)))
    }
}

struct StopReplicationToReplica: APIOperation {
    let secrets: SecretService

    let target = "secretsmanager.StopReplicationToReplica"
    let members: [MemberRule] = [.secretID]
    let access: AccessRule = .secret()

    func respond(to input: APIInput, _ context: CallContext) async throws(APIError) -> JSONValue {
        let reference = try input.secret()
        let secret = try await inWords { try await self.secrets.stopReplication(to: reference, context.origin) }
        return .output(("ARN", .describing(secret.arn)))
    }
}

extension MemberRule.Kind {
    static let region = MemberRule.Kind.text(
        length: 1...128,
        pattern: TextPattern("^([a-z]+-)+\\d+$") { RegionName($0) != nil }
    )
}

extension MemberRule {
    static let forceOverwriteReplicaSecret = MemberRule.flag("ForceOverwriteReplicaSecret")

    static func addReplicaRegions(isRequired: Bool) -> MemberRule {
        .structures("AddReplicaRegions", 1...1_000, of: [MemberRule("Region", .region), .kmsKeyID], isRequired: isRequired)
    }
}

extension APIInput {
    func replicaRequests() throws(APIError) -> [ReplicaRequest] {
        var requests: [ReplicaRequest] = []
        for entry in self.objects("AddReplicaRegions") ?? [] {
            guard let region = entry.string("Region").flatMap({ RegionName($0) }) else {
                throw APIError(.invalidParameter, "Invalid replica region.")
            }
            requests.append(ReplicaRequest(region: region, kmsKeyID: entry.nonEmptyString("KmsKeyId")))
        }
        return requests
    }
}

extension JSONValue {
    /// `ReplicationStatus`: the default key has a name here (`aws-api.md` §8).
    static func replicas(_ replicas: [ReplicaStatus]) -> JSONValue {
        .array(
            replicas.map { replica in
                .output(
                    ("Region", .describing(replica.region)),
                    ("KmsKeyId", .string(replica.kmsKeyID ?? "alias/aws/secretsmanager")),
                    ("Status", .string(replica.isInSync ? "InSync" : "Failed")),
                    ("StatusMessage", .string(replica.message)),
                    ("LastAccessedDate", replica.accessedDay.map(JSONValue.date))
                )
            }
        )
    }
}
