import RotationModel

extension MariaDBRotator {
    static func manifest(of strategy: RotationStrategy) -> RotatorManifest {
        let summary =
            switch strategy {
            case .singleUser: "MariaDB: one account, one password; a brief cut-over"
            case .overlapping: "MariaDB: one account that takes the new and the old password until the grace period ends"
            case .alternatingUsers: "MariaDB: two accounts with equal rights that take turns"
            }
        var steps: Set<RotationStep> = [.createSecret, .setSecret, .testSecret]
        if strategy != .singleUser { steps.insert(.retire) }
        return RotatorManifest(
            name: Self.name(of: strategy),
            summary: summary,
            strategy: strategy,
            steps: steps,
            requiresAdmin: strategy != .singleUser,
            timeout: .seconds(30),
            origin: "built-in"
        )
    }

    private static func name(of strategy: RotationStrategy) -> RotatorName {
        guard let name = RotatorName("mariadb-\(strategy.rawValue)") else {
            preconditionFailure("the names of strategies have the form of rotators' names")
        }
        return name
    }
}
